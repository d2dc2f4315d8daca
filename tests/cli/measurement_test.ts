import { assert, assertEquals, assertRejects } from "@std/assert";
import { Measurement } from "../../src/cli/measurement.ts";

Deno.test("Measurement.run() counts the calls of concurrent callers until the time is up", async () => {
  let calls = 0;
  let running = 0;
  let most = 0;
  const rate = await new Measurement().run(3, 0.05, async () => {
    calls++;
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
  });
  assertEquals([rate.commands, most, running], [calls, 3, 0]);
  assertEquals(rate.perSecond, rate.commands / rate.seconds);
  assert(rate.seconds >= 0.05);
  const { p50, p95, p99 } = rate.latencyUs;
  assert(p50 <= p95 && p95 <= p99);
});

Deno.test("Measurement.run() rejects when a call fails", async () => {
  const fail = () => Promise.reject(new RangeError("no"));
  await assertRejects(() => new Measurement().run(2, 60, fail), RangeError, "no");
});

Deno.test("Measurement.rate is zero when no call has completed", () => {
  const { commands, latencyUs } = new Measurement().rate;
  assertEquals([commands, latencyUs], [0, { p50: 0, p95: 0, p99: 0 }]);
});
