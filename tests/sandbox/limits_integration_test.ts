import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  initJSockDClient,
  type JSockDClient,
  JSockDClientError,
  type JSockDConfig,
} from "../../mod.ts";
import { childrenOf, isRunning } from "../support/processes.ts";
import { quiet } from "../support/quiet.ts";
import { until } from "../support/until.ts";
import { sandboxTest } from "./sandbox_test_case.ts";
import { attack, type SandboxedServer, sandboxedServers } from "./servers.ts";

const ADD = "(_, n) => n + 1";

for (const server of sandboxedServers) {
  sandboxTest(
    `sandboxedServer() leaves no process of ${server.name} when the client ends it at the time limit`,
    async () => {
      await using client = await start(server, { maxCommandRuntimeUs: 2_000_000 });
      const processes = processesOf(client);
      const command = client.run(attack(server, "(host) => host.hang()"));
      const error = await assertRejects(() => command, JSockDClientError, "maxCommandRuntimeUs");
      assertEquals(error.code, "TIMEOUT");
      assertEquals(await client.run(ADD, 41), 42);
      await until(() => !processes.some(isRunning), "the end of all processes");
    },
  );

  sandboxTest(
    `sandboxedServer() leaves no process of ${server.name} when the client ends it at the memory limit`,
    async () => {
      await using client = await start(server, {
        maxMemoryBytes: 400 << 20,
        maxCommandRuntimeUs: 60_000_000,
        timeoutUs: 120_000_000,
      });
      const processes = processesOf(client);
      const bomb =
        "() => { const all = []; for (let i = 0; i < 1500; i++) all.push(new Uint8Array(1e6).fill(1)); for (;;); }";
      await assertRejects(() => client.run(bomb), JSockDClientError, "maxMemoryBytes");
      assertEquals(await client.run(ADD, 41), 42);
      await until(() => !processes.some(isRunning), "the end of all processes");
    },
  );

  sandboxTest(
    `sandboxedServer() runs an idempotent command again when ${server.name} is killed`,
    async () => {
      await using client = await start(server, { maxCommandRuntimeUs: 10_000_000 });
      const query =
        "(_, n) => { const end = Date.now() + 1000; while (Date.now() < end); return n; }";
      const { bytesSent } = client.stats();
      const command = client.run(query, 42, { idempotent: true });
      await until(() => client.stats().bytesSent > bytesSent, "the command to be sent");
      Deno.kill(client.pid, "SIGKILL");
      assertEquals(await command, 42);
      assertEquals(client.stats().resent, 1);
    },
  );

  sandboxTest(
    `sandboxedServer() leaves no process of ${server.name} from before a reload`,
    async () => {
      await using client = await start(server, {});
      const processes = processesOf(client);
      await client.reload({ nThreads: 2 });
      assert(!processes.includes(client.pid));
      assertEquals(await client.run(ADD, 41), 42);
      await until(() => !processes.some(isRunning), "the end of all processes");
    },
  );
}

async function start(
  server: SandboxedServer,
  config: Partial<JSockDConfig>,
): Promise<JSockDClient> {
  const common = { nThreads: 1, skipJSockDVersionCheck: true, maxRestartsPerMinute: 3 };
  return await initJSockDClient(quiet({ ...common, env: server.env, ...config }), server.command);
}

/** Returns the processes of a client's server: bubblewrap, its process in the sandbox, the server. */
function processesOf(client: JSockDClient): number[] {
  const processes = [client.pid, ...childrenOf(client.pid)];
  assertEquals(processes.length, 3);
  return processes;
}
