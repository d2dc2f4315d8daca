import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { initJSockDClient, type JSockDClient, type JSockDClientEventMap } from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { within } from "../support/within.ts";
import { quiet } from "../support/quiet.ts";

function next<Type extends keyof JSockDClientEventMap>(
  client: JSockDClient,
  type: Type,
): Promise<JSockDClientEventMap[Type]["detail"]> {
  const event = new Promise<JSockDClientEventMap[Type]["detail"]>((resolve) =>
    client.addEventListener(type, ({ detail }) => resolve(detail), { once: true })
  );
  return within(event, `the event ${type}`);
}

Deno.test("a client tells of a server's exit, of its restart, and of the next one", async () => {
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

Deno.test("a client tells of the exit that close() brings about, and of no restart", async () => {
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

Deno.test("a client tells of the server that a reload brings", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  const ready = next(client, "ready");
  await client.reload({ nThreads: 2 });
  assertEquals(await ready, { pid: client.pid, version: client.serverVersion, threads: 2 });
});

Deno.test("a listener that was removed hears nothing", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  let heard = 0;
  const listener = () => heard++;
  client.addEventListener("ready", listener);
  client.removeEventListener("ready", listener);
  await client.reload({});
  assertEquals(heard, 0);
});
