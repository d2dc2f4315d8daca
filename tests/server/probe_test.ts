import { assert, assertEquals } from "@std/assert";
import { isProbe, ProbeSchedule } from "../../src/server/probe.ts";

Deno.test("ProbeSchedule has a probe after a pause of more than half the time limit", () => {
  const schedule = new ProbeSchedule(100, 1_000);
  assertEquals([1_040, 1_090, 1_140].map((now) => schedule.before(now)), Array(3).fill(undefined));
  const probe = schedule.before(1_191)!;
  assert(isProbe(probe) && !probe.shareable);
  assertEquals(schedule.before(1_192), undefined);
});

Deno.test("ProbeSchedule has no probes when the server counts no pauses", () => {
  assertEquals(new ProbeSchedule(Infinity, 0).before(1e12), undefined);
});
