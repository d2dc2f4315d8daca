import { assertEquals } from "@std/assert";
import { makeInspect } from "../../../../src/embedded/engines/guest/inspect.ts";

const inspect = makeInspect();

const circular: Record<string, unknown> = {};
circular.self = circular;

class Point {
  x = 1;
}

const CASES: readonly [unknown, string][] = [
  [undefined, "undefined"],
  [null, "null"],
  [-0, "-0"],
  [1.5, "1.5"],
  [10n, "10n"],
  ['a\n"b"\u0000é\ud800', '"a\\n\\"b\\"\\u0000é\\ud800"'],
  ["x".repeat(1001), `"${"x".repeat(1000)}"... 1 more character`],
  [Symbol("a"), "Symbol(a)"],
  [Symbol("a b"), 'Symbol("a b")'],
  [[], "[  ]"],
  [[1, [2, [3]]], "[ 1, [ 2, [Array] ] ]"],
  [[1, , ,], "[ 1, <2 empty items> ]"], // deno-lint-ignore-line no-sparse-arrays
  [Array(102).fill(0), `[ ${"0, ".repeat(100)}... 2 more items ]`],
  [{}, "{  }"],
  [{ a: 1, "b-c": "x", 0: true }, '{ 0: true, a: 1, "b-c": "x" }'],
  [new Point(), "{ x: 1 }"],
  [circular, "{ self: [circular 0] }"],
  [{ a: { b: { c: 1 } } }, "{ a: { b: [Object] } }"],
  [{
    get a() {
      throw new Error();
    },
  }, "{ a: [Getter] }"],
  [new Map([[1, { a: 2 }]]), "Map(1) { 1 => { a: 2 } }"],
  [new Set(["x"]), 'Set(1) { "x" }'],
  [new Uint8Array([1, 2]), "Uint8Array(2) [ 1, 2 ]"],
  [[, 1], "[ 1: 1 ]"], // deno-lint-ignore-line no-sparse-arrays
  [Object.freeze([1]), "[ 0: 1 ]"],
  [Object.assign([1], { "-1": 2, 4294967295: 3 }), '[ 1, "-1": 2, "4294967295": 3 ]'],
  [new Boolean(true), "Boolean {  }"],
  [Object.assign(new String("ab"), { x: 1 }), "String { x: 1 }"],
  [Object.assign([1].values(), { x: 1 }), '"Array Iterator" { x: 1 }'],
  [new Float64Array([-0]), "Float64Array(1) [ -0 ]"],
  [Object.create(Map.prototype), "{  }"],
  [Object.create(Error.prototype), "{  }"],
  [{ [Symbol("1")]: 1 }, '{ "1": 1 }'],
  [[[async () => {}]], "[ [ [AsyncFunction] ] ]"],
  [() => {}, "[Function (anonymous)]"],
  [Point, "[Function Point]"],
  [Object.assign(function f() {}, { a: 1 }), "[Function f] { a: 1 }"],
  [/a\/b/gi, "/a\\/b/gi"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
  [Promise.resolve(), "Promise {  }"],
];

for (const [value, text] of CASES) {
  Deno.test(`inspect() returns ${text.slice(0, 60)}`, () => {
    assertEquals(inspect(value).replaceAll("\0", ""), text);
  });
}

Deno.test("inspect() returns the name, message, stack and properties when it gets an error", () => {
  const error = Object.assign(new TypeError("no"), { code: 1 });
  Object.defineProperty(error, "stack", { value: "    at f (a:1:1)\n" });
  assertEquals(inspect(error), "TypeError\0: \0no\0\n\0    at f (a:1:1)\0 { code: 1 }");
});

Deno.test("inspect() cuts the texts of an error at a NUL when the error has no prototype, too", () => {
  const error = Object.setPrototypeOf(new TypeError("a\0b"), null);
  Object.defineProperty(error, "stack", { value: "    at f (a:1:1)\0\n" });
  assertEquals(inspect(error), "Error\0: \0a\0\n\0    at f (a:1:1)\0");
});
