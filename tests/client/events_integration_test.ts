import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { initJSockDClient, type JSockDClient, type JSockDClientEventMap } from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { within } from "../support/within.ts";
import { quiet } from "../support/quiet.ts";

/** Resolves to the detail of the next event of a type. */
function next<Type extends keyof JSockDClientEventMap>(
  client: JSockDClient,
  type: Type,
): Promise<JSockDClientEventMap[Type]["detail"]> {
  const event = new Promise<JSockDClientEventMap[Type]["detail"]>((resolve) =>
    client.addEventListener(type, ({ detail }) => resolve(detail), { once: true })
  );
  return within(event, `the event ${type}`);
}

Deno.test("JSockDClient dispatches exit, restart and ready when the server is killed", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 2 }), embeddedServer());
  const { pid } = client;
  const order: string[] = [];
  for (const type of ["ready", "exit", "restart"] as const) {
    client.addEventListener(type, () => order.push(type));
  }
  const events = Promise.all([
    next(client, "exit"),
    next(client, "restart"),
    next(client, "ready"),
  ]);
  Deno.kill(pid, "SIGKILL");
  const [exit, restart, ready] = await events;
  assertEquals(order, ["exit", "restart", "ready"]);
  assertEquals({ ...exit, reason: "" }, { pid, code: 137, signal: "SIGKILL", reason: "" });
  assertMatch(exit.reason, /signal SIGKILL/);
  assertEquals(restart, { reason: exit.reason });
  assertEquals(ready, { pid: client.pid, version: client.serverVersion, threads: 2 });
  assertNotEquals(client.pid, pid);
});

Deno.test("JSockDClient dispatches exit and no restart when it is closed", async () => {
  const client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  const { pid } = client;
  let restarts = 0;
  client.addEventListener("restart", () => restarts++);
  const exit = next(client, "exit");
  await client.close();
  assertEquals(await exit, {
    pid,
    code: 0,
    signal: null,
    reason: "the server ended with exit code 0",
  });
  assertEquals(restarts, 0);
});

Deno.test("JSockDClient dispatches ready when the server is reloaded", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  const ready = next(client, "ready");
  await client.reload({ nThreads: 2 });
  assertEquals(await ready, { pid: client.pid, version: client.serverVersion, threads: 2 });
});

Deno.test("removeEventListener() removes a listener of a client's event", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  let calls = 0;
  const listener = () => calls++;
  client.addEventListener("ready", listener);
  client.removeEventListener("ready", listener);
  await client.reload({});
  assertEquals(calls, 0);
});
