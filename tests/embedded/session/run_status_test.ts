import { assertEquals, assertThrows } from "@std/assert";
import { AbandonedError, RunStatus } from "../../../src/embedded/session/run_status.ts";

Deno.test("RunStatus shows the main thread which command runs", () => {
  const worker = new RunStatus();
  const main = new RunStatus(worker.memory);
  assertEquals(main.runNumber, undefined);
  worker.setCommandId("é1");
  worker.enterJavaScript(true);
  const { runNumber } = main;
  assertEquals([typeof runNumber, main.commandId], ["number", "é1"]);
  assertEquals(worker.leaveJavaScript(), true);
  assertEquals([main.runNumber, worker.leaveJavaScript()], [undefined, false]);
  worker.enterJavaScript(false);
  assertEquals(main.runNumber, runNumber, "Expected the same command to go on");
  worker.leaveJavaScript();
  worker.enterJavaScript(true);
  assertEquals(main.runNumber, runNumber! + 1);
});

Deno.test("abandon() returns true when JavaScript runs in the worker", () => {
  const worker = new RunStatus();
  const main = new RunStatus(worker.memory);
  assertEquals(main.abandon(), false);
  worker.enterJavaScript(true);
  assertEquals(main.abandon(), true);
  assertEquals([main.runNumber, main.isStuck, main.abandon()], [undefined, true, false]);
});

Deno.test("a worker begins no JavaScript, and ends none, when it is stopped", () => {
  for (const runs of [false, true]) {
    const worker = new RunStatus();
    const main = new RunStatus(worker.memory);
    if (runs) worker.enterJavaScript(true);
    main.stop();
    if (runs) assertThrows(() => worker.leaveJavaScript(), AbandonedError);
    assertThrows(() => worker.enterJavaScript(true), AbandonedError);
    assertThrows(() => worker.enterJavaScript(false), AbandonedError);
    assertEquals(main.runNumber, undefined);
  }
});

Deno.test("leaveJavaScript() throws every time when the worker is abandoned", () => {
  const worker = new RunStatus();
  const main = new RunStatus(worker.memory);
  worker.enterJavaScript(true);
  main.abandon();
  assertThrows(() => worker.leaveJavaScript(), AbandonedError);
  assertEquals(main.isStuck, false);
  assertThrows(() => worker.leaveJavaScript(), AbandonedError);
});
