import { assertEquals } from "@std/assert";
import { TICK_MS, WorkClock } from "../../src/server/work_clock.ts";

const WORK = {};

/** Returns what each tick says, if ticks come at regular intervals. */
function tickRegularly(clock: WorkClock, works: (object | undefined)[], start = 0): number[] {
  return works.map((work, n) => clock.tick(work, start + n * TICK_MS));
}

Deno.test("WorkClock.tick() returns the time up to the last tick since it first found the work", () => {
  const clock = new WorkClock();
  assertEquals(tickRegularly(clock, [undefined, WORK, WORK, WORK, WORK]), [
    0,
    0,
    0,
    TICK_MS,
    2 * TICK_MS,
  ]);
});

Deno.test("WorkClock.tick() starts again when the work is another", () => {
  const clock = new WorkClock();
  const times = tickRegularly(clock, [WORK, WORK, WORK, {}, undefined, WORK, WORK, WORK]);
  assertEquals(times, [0, 0, TICK_MS, 0, 0, 0, 0, TICK_MS]);
});

Deno.test("WorkClock.tick() counts a late tick as two at most", () => {
  const clock = new WorkClock();
  clock.tick(WORK, 0);
  clock.tick(WORK, 60_000);
  assertEquals(clock.tick(WORK, 60_000 + TICK_MS), 2 * TICK_MS);
});

Deno.test("WorkClock.tick() does not count the time in which the clock was paused", () => {
  const clock = new WorkClock();
  clock.tick(WORK, 0);
  clock.pause(10);
  clock.tick(WORK, TICK_MS);
  assertEquals(clock.tick(WORK, 2 * TICK_MS), 10);
  clock.resume(2 * TICK_MS + 30);
  clock.tick(WORK, 3 * TICK_MS);
  assertEquals(clock.tick(WORK, 4 * TICK_MS), 10 + TICK_MS - 30);
});

Deno.test("WorkClock.tick() counts nothing when a tick is late and the clock was paused", () => {
  const clock = new WorkClock();
  clock.tick(WORK, 0);
  clock.pause(1);
  clock.resume(2);
  clock.tick(WORK, 10 * TICK_MS);
  assertEquals(clock.tick(WORK, 11 * TICK_MS), 0);
});

Deno.test("WorkClock.tick() does not count the time that its caller leaves out", () => {
  const clock = new WorkClock();
  clock.tick(WORK, 0);
  clock.tick(WORK, TICK_MS, false);
  clock.tick(WORK, 2 * TICK_MS);
  assertEquals(clock.tick(WORK, 3 * TICK_MS), TICK_MS);
});
