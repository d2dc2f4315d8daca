import { assert, assertEquals } from "@std/assert";
import { differencesOf, EMBEDDED } from "../differences.ts";
import type { TestServer } from "../servers.ts";
import { areEqual, commonForm } from "./comparison.ts";

const server = (name: string, differences: TestServer["differences"]): TestServer => (
  { name, differences, command: [name], version: "" }
);
const embedded = server("embedded", EMBEDDED);
const old = server("jsockd 0.0", differencesOf("0.0.139"));
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

Deno.test("commonForm() leaves out why commands are refused, and what is listed", () => {
  const said = [
    exception({ raw: "Error: x\n    at f (<jsockd>:1:2)\n    at g (<buffer>:1:1)" }),
    "ERROR JSON parse exception:\nexception",
  ];
  assertEquals(commonForm(said, EMBEDDED), [
    `exception ${JSON.stringify("Error: x\n    at g (<buffer>:1:1)")}`,
  ]);
});
