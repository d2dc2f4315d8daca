import { assert, assertEquals } from "@std/assert";
import { differencesOf, EMBEDDED, V8 } from "../differences.ts";
import type { TestServer } from "../servers.ts";
import { areEqual, commonForm } from "./comparison.ts";

const server = (name: string, differences: TestServer["differences"]): TestServer => (
  { name, differences, command: [name], version: "" }
);
const embedded = server("embedded", EMBEDDED);
const old = server("jsockd 0.0", differencesOf("0.0.139"));
const v8 = server("v8", V8);
const recent = server("jsockd 0.1", differencesOf("0.1.5"));

const exception = (report: Record<string, unknown>) => `exception ${JSON.stringify(report)}`;
const program = { kind: "any", query: "() => 1" };

Deno.test("areEqual() finds what differs in a result, a message or a log entry", () => {
  const said = ["message 1", "ok 1", "INFO <console.log>: a"];
  assert(areEqual(program, [embedded, said], [recent, said]));
  for (const i of said.keys()) {
    assert(!areEqual(program, [embedded, said], [recent, said.with(i, "ok 2")]), said[i]);
  }
});

Deno.test("areEqual() compares all of an exception where servers report it alike", () => {
  const [a, b] = ["x", "y"].map((errorMessage) => [exception({ errorMessage, raw: "x" })]);
  assert(!areEqual(program, [embedded, a!], [recent, b!]));
  assert(areEqual(program, [embedded, a!], [old, b!]));
});

Deno.test("areEqual() is true when no server need say the same", () => {
  const thrown = { kind: "thrown", query: "() => { throw new Proxy({}, {}); }" };
  assert(areEqual(thrown, [embedded, ["ok 1"]], [recent, ["ok 2"]]));
  assert(!areEqual(thrown, [old, ["ok 1"]], [recent, ["ok 2"]]));
});

Deno.test("areEqual() lets a promise that never settles give what was thrown before", () => {
  const [never, stale] = ["uninitialized", "Error: x"].map((raw) => [exception({ raw })]);
  assert(areEqual(program, [embedded, never!], [recent, stale!]));
  assert(!areEqual(program, [embedded, never!], [embedded, stale!]));
});

Deno.test("areEqual() lets engines find their own words, but not another class of error", () => {
  const thrown = (message: string) => [
    exception({ raw: `${message}\n    at f (<buffer>:2:5)\n    at <anonymous> (<buffer>:3:1)` }),
  ];
  const said = thrown("TypeError: not a function");
  const program = { kind: "any", query: `() => f.x("words of mine", "m")` };
  const isEqual = (other: string[]) => areEqual(program, [embedded, said], [v8, other]);
  assert(isEqual(thrown("TypeError: undefined is not a function")));
  assert(isEqual(thrown("TypeError: undefined is not\na function")));
  for (const other of ["RangeError: not a function", "Error: not a function", "TypeError: m"]) {
    assert(!isEqual(thrown(other)), other);
  }
  assert(!isEqual(["ok 1"]));
  assert(!isEqual([...said, "INFO <console.log>: a"]));
});

Deno.test("areEqual() compares the functions in a trace between engines, not their places", () => {
  const trace = (...frames: string[]) => [
    exception({ raw: ["Error: m", ...frames.map((frame) => `    at ${frame}`)].join("\n") }),
  ];
  const said = trace("f (<buffer>:2:5)", "call (native)", "<eval> (<buffer>:3:1)");
  const isEqual = (other: string[]) => areEqual(program, [embedded, said], [v8, other]);
  assert(isEqual(trace("f (<buffer>:1:9)", "<anonymous> (<buffer>:3:2)")));
  assert(!isEqual(trace("g (<buffer>:2:5)", "<anonymous> (<buffer>:3:2)")));
  assert(!isEqual(trace("f (<buffer>:2:5)")));
  assert(!isEqual(trace("sendMessage (native)", "f (<buffer>:2:5)", "<anonymous> (<buffer>:3:2)")));
});

Deno.test("areEqual() lets a program that reads a message get the engine's words", () => {
  const says = (text: string) => [`ok ["TypeError",${JSON.stringify(text)},1]`];
  const of = (query: string, first: string[], second: string[]) =>
    areEqual({ kind: "any", query }, [embedded, first], [v8, second]);
  const [a, b] = [says("toPrimitive"), says("Cannot convert object to primitive value")];
  assert(of("() => e.message", a, b));
  assert(!of("() => e.name", a, b));
  assert(!of("() => e.message", a, says("RangeError")));
  assert(!of("() => e.message + 'a text'", a, says("a text")));
});

Deno.test("commonForm() leaves out why commands are refused, and what is listed", () => {
  const said = [
    exception({ raw: "Error: x\n    at f (<jsockd>:1:2)\n    at g (<buffer>:1:1)" }),
    "ERROR JSON parse exception:\nexception",
  ];
  assertEquals(commonForm(program, said, EMBEDDED), [
    `exception ${JSON.stringify("Error: x\n    at g (<buffer>:1:1)")}`,
  ]);
});
