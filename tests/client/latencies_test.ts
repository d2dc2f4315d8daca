import { assertEquals } from "@std/assert";
import { Latencies } from "../../src/client/latencies.ts";

Deno.test("Latencies.summary() returns zeros when there are no samples", () => {
  assertEquals(new Latencies().summary(), { samples: 0, p50Us: 0, p95Us: 0, p99Us: 0 });
});

Deno.test("Latencies.summary() returns percentiles in microseconds, in whatever order samples came", () => {
  const latencies = new Latencies();
  for (let ms = 100; ms >= 1; ms--) latencies.add(ms);
  assertEquals(latencies.summary(), { samples: 100, p50Us: 50_000, p95Us: 95_000, p99Us: 99_000 });
});

Deno.test("Latencies.summary() leaves out samples when they are older than the window", () => {
  const latencies = new Latencies();
  for (let i = 0; i < 5_000; i++) latencies.add(1_000);
  for (let i = 0; i < 1_024; i++) latencies.add(2);
  assertEquals(latencies.summary(), { samples: 1_024, p50Us: 2_000, p95Us: 2_000, p99Us: 2_000 });
});
