import { assertEquals, assertThrows } from "@std/assert";
import { JSockDClientError } from "../../src/common/errors.ts";
import { toQueryText } from "../../src/client/query.ts";

function declared(_module: unknown, n: number) {
  return n + 1;
}

Deno.test("toQueryText() returns text unchanged", () => {
  assertEquals(toQueryText("(_, n) => n"), "(_, n) => n");
});

for (
  const [kind, fn] of [
    ["an arrow", (_: unknown, n: number) => n + 1],
    ["an async arrow", async (_: unknown, n: number) => await n + 1],
    ["a function expression", function (_: unknown, n: number) {
      return n + 1;
    }],
    ["a declaration", declared],
  ] as const
) {
  Deno.test(`toQueryText() returns an expression when the query is ${kind}`, async () => {
    const evaluated = (0, eval)(toQueryText(fn)) as typeof fn;
    assertEquals(await evaluated(undefined, 41), 42);
  });
}

const object = {
  method() {},
  async asyncMethod() {},
  get accessor() {
    return 1;
  },
  ["computed name"]() {},
};

for (
  const [kind, fn] of [
    ["a method", object.method],
    ["an async method", object.asyncMethod],
    ["a computed method", object["computed name"]],
    ["an accessor", Object.getOwnPropertyDescriptor(object, "accessor")!.get],
    ["a native function", Math.max],
    ["a bound function", declared.bind(null)],
    ["a class", class Klass {}],
  ] as const
) {
  Deno.test(`toQueryText() throws when the query is ${kind}`, () => {
    const error = assertThrows(() => toQueryText(fn), JSockDClientError, "wrap them in an arrow");
    assertEquals(error.code, "INVALID_COMMAND");
  });
}

Deno.test("toQueryText() throws when the query is neither text nor a function", () => {
  for (const query of [undefined, null, 1, {}]) {
    const error = assertThrows(() => toQueryText(query), JSockDClientError, "expected a function");
    assertEquals(error.code, "INVALID_COMMAND");
  }
});
