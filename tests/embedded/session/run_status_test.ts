import { assertEquals, assertThrows } from "@std/assert";
import { CondemnedError, RunStatus } from "../../../src/embedded/session/run_status.ts";

Deno.test("RunStatus says which command runs, and that none does", () => {
  const worker = new RunStatus();
  const main = new RunStatus(worker.memory);
  assertEquals(main.run, undefined);
  worker.setId(new TextEncoder().encode("é1"));
  worker.enter(true);
  const { run } = main;
  assertEquals([typeof run, main.id], ["number", "é1"]);
  assertEquals(worker.leave(), true);
  assertEquals([main.run, worker.leave()], [undefined, false]);
  worker.enter(false);
  assertEquals(main.run, run, "the same command goes on");
  worker.leave();
  worker.enter(true);
  assertEquals(main.run, run! + 1);
});

Deno.test("condemn() gives a worker up only while JavaScript runs in it", () => {
  const worker = new RunStatus();
  const main = new RunStatus(worker.memory);
  assertEquals(main.condemn(), false);
  worker.enter(true);
  assertEquals(main.condemn(), true);
  assertEquals([main.run, main.isStuck, main.condemn()], [undefined, true, false]);
});

Deno.test("leave() throws in a worker that is condemned, now and later", () => {
  const worker = new RunStatus();
  const main = new RunStatus(worker.memory);
  worker.enter(true);
  main.condemn();
  assertThrows(() => worker.leave(), CondemnedError);
  assertEquals(main.isStuck, false);
  assertThrows(() => worker.leave(), CondemnedError);
});
