/**
 * Measures the client against a bare loop on the same kind of socket, in turns in the same run, and
 * prints medians and ratios: machines differ and are noisy, ratios hold.
 */
import { initJSockDClient } from "../../mod.ts";
import { quiet } from "../client/quiet.ts";
import { servers, type TestServer } from "../conformance/servers.ts";
import { ServerProcess } from "../support/server_process.ts";
import { measureBareLoop } from "./bare_loop.ts";

const INCREMENT = "(_, n) => n + 1";
const ROUNDS = 7;
const COMMANDS = 5_000;

for (const server of servers) {
  console.log(`\n${server.name}`);
  const ready = await startToReady(server);
  console.log(`  start to READY, one thread: ${ready.toFixed(0)} ms`);
  const { client, bare } = await oneCaller(server);
  console.log(
    `  one caller: ${client.toFixed(0)} commands/s, the bare loop ${bare.toFixed(0)}, ` +
      `ratio ${(client / bare).toFixed(2)}`,
  );
}

async function startToReady({ command }: TestServer): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await using _server = await ServerProcess.start(command);
    times.push(performance.now() - start);
  }
  return median(times);
}

async function oneCaller({ command }: TestServer): Promise<{ client: number; bare: number }> {
  await using server = await ServerProcess.start(command);
  const config = quiet({ nThreads: 1, skipJSockDVersionCheck: true });
  await using client = await initJSockDClient(config, command);
  using socket = await Deno.connect({ transport: "unix", path: server.sockets[0]! });
  const rates = { client: [] as number[], bare: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let n = 0; n < COMMANDS; n++) await client.run(INCREMENT, n);
    rates.client.push(COMMANDS / (performance.now() - start) * 1000);
    const options = { commands: COMMANDS, inFlight: 1 };
    rates.bare.push(await measureBareLoop(socket, INCREMENT, "41", options));
  }
  return { client: median(rates.client), bare: median(rates.bare) };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
