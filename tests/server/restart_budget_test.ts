import { assert, assertEquals } from "@std/assert";
import { RestartBudget } from "../../src/server/restart_budget.ts";

Deno.test("RestartBudget gives so many restarts in any minute", () => {
  let now = 0;
  const budget = new RestartBudget(2, () => now);
  assertEquals(budget.take(), true);
  now = 30_000;
  assertEquals(budget.take(), true);
  assertEquals([budget.take(), budget.spent], [false, 2]);
  now = 60_001;
  assertEquals([budget.take(), budget.take()], [true, false]);
});

Deno.test("RestartBudget gives none if there are none", () => {
  assertEquals(new RestartBudget(0).take(), false);
});

Deno.test("RestartBudget waits longer after each of several tries, within bounds", () => {
  const budget = new RestartBudget(100, () => 0);
  for (let tries = 1; tries <= 20; tries++) {
    budget.take();
    const longest = Math.min(20 * 2 ** tries, 1_000);
    assert(budget.pauseMs >= longest / 2 && budget.pauseMs <= longest);
  }
});

Deno.test("RestartBudget does not wait longer for restarts that are far between", () => {
  let now = 0;
  const budget = new RestartBudget(100, () => now);
  for (let restarts = 1; restarts <= 20; restarts++) {
    budget.take();
    assert(budget.pauseMs <= 40);
    now += 2_000;
  }
});
