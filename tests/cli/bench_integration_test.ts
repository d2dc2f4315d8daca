import { assert, assertEquals, assertMatch } from "@std/assert";
import { call, callOnTerminal } from "./program.ts";

const BENCH = ["bench", "--embedded", "--seconds", "1", "--threads", "2", "--callers", "3"];

Deno.test("jsockd bench prints the results as JSON when --json is given", async () => {
  const { code, stdout, stderr } = await call([...BENCH, "--json"]);
  assertEquals([code, stderr], [0, ""]);
  const report = JSON.parse(stdout);
  assertEquals(Object.keys(report), [
    "server",
    "threads",
    "callers",
    "commands",
    "seconds",
    "perSecond",
    "latencyUs",
  ]);
  assertEquals([report.threads, report.callers], [2, 3]);
  assertEquals(report.perSecond, report.commands / report.seconds);
  const { p50, p95, p99 } = report.latencyUs;
  assert(0 < p50 && p50 <= p95 && p95 <= p99);
});

Deno.test("jsockd bench prints the results as text when --json is not given", async () => {
  const { code, stdout, stderr } = await call([
    ...BENCH,
    "--query",
    "(_, p) => p",
    "--param",
    "[]",
  ]);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /^JSockD \S+, threads: 2, callers: 3\n[\d,]+ commands\/s \([\d,]+ in \d+\.\d s\), latency p50 [\d,]+ µs, p95 [\d,]+ µs, p99 [\d,]+ µs\n$/,
  );
});

Deno.test("jsockd bench shows the current results when stderr is a terminal", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const { code, stdout } = await callOnTerminal(BENCH, {});
  assertEquals(code, 0);
  const shown = stdout.split("\r\x1b[K");
  assert(shown.length > 2);
  for (const line of shown.slice(1, -1)) assertMatch(line, /^[\d,]+ commands\/s \([\d,]+ in \d/);
  assertMatch(shown.at(-1)!, /^JSockD /);
});

Deno.test("jsockd bench exits with 1 when the function throws", async () => {
  const { code, stdout, stderr } = await call([...BENCH, "--query", "() => { throw Error('no') }"]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^JSockDJSException: Error: no\n/);
});

Deno.test("jsockd bench exits with 1 when the function throws during the measurement", async () => {
  const query =
    "() => { globalThis.n = (globalThis.n ?? 0) + 1; if (n > 50) throw Error('no'); return n }";
  const { code, stdout, stderr } = await call([...BENCH, "--query", query]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^JSockDJSException: Error: no\n/);
});

Deno.test("jsockd bench measures a function that takes longer than usual when --timeout allows it", async () => {
  const query = "() => { const end = Date.now() + 300; while (Date.now() < end); return 1; }";
  const options = ["--threads", "1", "--callers", "1", "--seconds", "1", "--timeout", "60000"];
  const { code, stderr } = await call(["bench", "--embedded", "--query", query, ...options]);
  assertEquals(code, 0, stderr);
});
