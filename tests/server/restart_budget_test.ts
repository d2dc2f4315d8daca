import { assert, assertEquals } from "@std/assert";
import { RestartBudget } from "../../src/server/restart_budget.ts";

Deno.test("RestartBudget.take() returns false when the limit within a minute is reached", () => {
  let now = 0;
  const budget = new RestartBudget(2, () => now);
  assertEquals(budget.take(), true);
  now = 30_000;
  assertEquals(budget.take(), true);
  assertEquals([budget.take(), budget.spent], [false, 2]);
  now = 60_001;
  assertEquals([budget.take(), budget.take()], [true, false]);
});

Deno.test("RestartBudget.take() returns false when the limit is 0", () => {
  assertEquals(new RestartBudget(0).take(), false);
});

Deno.test("RestartBudget.pauseMs grows within bounds when restarts follow each other quickly", () => {
  const budget = new RestartBudget(100, () => 0);
  for (let tries = 1; tries <= 20; tries++) {
    budget.take();
    const longest = Math.min(20 * 2 ** tries, 1_000);
    assert(budget.pauseMs >= longest / 2 && budget.pauseMs <= longest);
  }
});

Deno.test("RestartBudget.pauseMs does not grow when restarts are far apart", () => {
  let now = 0;
  const budget = new RestartBudget(100, () => now);
  for (let restarts = 1; restarts <= 20; restarts++) {
    budget.take();
    assert(budget.pauseMs <= 40);
    now += 2_000;
  }
});

Deno.test("RestartBudget.suspend() lasts until a restart is left, and then longer each time", () => {
  let now = 0;
  const budget = new RestartBudget(1, () => now);
  const pauses: number[] = [];
  for (let i = 0; i < 8; i++) {
    assertEquals(budget.take(), true);
    assertEquals(budget.take(), false);
    budget.suspend();
    pauses.push(budget.suspendedMs);
    now += budget.suspendedMs;
  }
  assertEquals(pauses.map((ms) => ms / 1_000), [60, 60, 60, 80, 160, 300, 300, 300]);
});

Deno.test("RestartBudget.suspend() begins with a short pause again when a server has lived for a minute", () => {
  let now = 0;
  const budget = new RestartBudget(1, () => now);
  for (let i = 0; i < 6; i++) {
    budget.take();
    budget.suspend();
    now += budget.suspendedMs;
  }
  now += 60_001;
  assertEquals([budget.take(), budget.take()], [true, false]);
  budget.suspend();
  assertEquals(budget.suspendedMs, 60_000);
});
