import type { JSockDClient, JSockDConfig } from "../../mod.ts";
import type { TestServer } from "../conformance/servers.ts";
import { ServerProcess } from "../support/server_process.ts";
import { startClient } from "../support/start_client.ts";

const ROUNDS = 7;

/**
 * A client, and a bare socket for each of its threads. The sockets are those of a second server.
 */
export interface Rig extends AsyncDisposable {
  readonly client: JSockDClient;
  readonly sockets: readonly Deno.UnixConn[];
}

/** Starts a client and a second server, and connects to the latter's sockets. */
export async function startRig(
  server: TestServer,
  config: Partial<JSockDConfig> & { nThreads: number },
): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const client = stack.use(await startClient(server, config));
  const args = ["-b", "00"];
  if (config.maxCommandRuntimeUs) args.push("-t", String(config.maxCommandRuntimeUs));
  const bare = stack.use(
    await ServerProcess.start(server.command, { sockets: config.nThreads, args }),
  );
  const sockets = await Promise.all(
    bare.sockets.map((path) => Deno.connect({ transport: "unix", path })),
  );
  for (const socket of sockets) stack.use(socket);
  const resources = stack.move();
  return { client, sockets, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/**
 * Runs a number of concurrent callers for some milliseconds. Resolves to calls a second, and the
 * latency of each call in milliseconds.
 */
export async function callersRate(
  callers: number,
  milliseconds: number,
  call: (n: number) => Promise<unknown>,
): Promise<{ rate: number; latencies: number[] }> {
  const latencies: number[] = [];
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, async () => {
    for (let now = performance.now(); now - start < milliseconds;) {
      await call(latencies.length);
      const end = performance.now();
      latencies.push(end - now);
      now = end;
    }
  }));
  return { rate: latencies.length / (performance.now() - start) * 1000, latencies };
}

/**
 * Takes several measurements in turns, so that a disturbance of the machine affects all of them.
 * Resolves to the median of each. The first turn is a warm-up.
 */
export async function inTurns<Name extends string>(
  measures: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const values = Object.fromEntries(Object.keys(measures).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, measure] of Object.entries<() => Promise<number>>(measures)) {
      const value = await measure();
      if (round > 0) values[name]!.push(value);
    }
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, percentile(list, 0.5)]),
  ) as Record<Name, number>;
}

/** Returns the value that a share of the values, from 0 to 1, does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!;
}
