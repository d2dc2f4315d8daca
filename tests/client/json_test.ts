import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import { JSockDClientError } from "../../src/common/errors.ts";
import { checkParamJson, fromServerJson, toJson, toParamJson } from "../../src/client/json.ts";

Deno.test("toJson() returns the same text as JSON.stringify()", () => {
  const value = { text: "a\u2028\0", list: [1, null, true], date: new Date(0), left: undefined };
  assertEquals(toJson(value), JSON.stringify(value));
});

Deno.test("toJson() returns the same text as JSON.stringify() when a value is made of data", () => {
  fc.assert(fc.property(fc.object({ withNullPrototype: true, withDate: true }), (value) => {
    assertEquals(toJson(value), JSON.stringify(value));
  }));
  const deep = Array.from({ length: 1_000 }).reduce((inner) => [inner], 1 as unknown);
  assertEquals(toJson(deep), JSON.stringify(deep));
});

Deno.test("toJson() returns null when the value is undefined", () => {
  assertEquals(toJson(undefined), "null");
  assertEquals(toJson({ toJSON: () => undefined }), "null");
});

Deno.test("toParamJson() throws and gives the reason when JSON cannot hold the value", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (
    const [value, reason] of [
      [1n, "BigInt"],
      [{ deep: [1n] }, "BigInt"],
      [cycle, "circular"],
      [() => 1, "it is a function"],
      [{ render: () => 1 }, "its property 'render' is a function"],
      [[Symbol("s")], "its property '0' is a symbol"],
    ] as const
  ) {
    const error = assertThrows(() => toParamJson(value), JSockDClientError, reason);
    assertEquals(error.code, "INVALID_COMMAND");
    assertInstanceOf(error.cause, TypeError);
  }
});

Deno.test("checkParamJson() throws when the text is not JSON", () => {
  checkParamJson(' {"a": [1]} ');
  for (const text of ["", "{", "undefined", "internal_error", "?quit", "1 2"]) {
    const error = assertThrows(() => checkParamJson(text), JSockDClientError, "not JSON");
    assertEquals(error.code, "INVALID_COMMAND");
  }
});

Deno.test("fromServerJson() returns the value, or throws PROTOCOL when the text is not JSON", () => {
  assertEquals(fromServerJson('{"a":1}'), { a: 1 });
  const error = assertThrows(() => fromServerJson("{"), JSockDClientError);
  assertEquals(error.code, "PROTOCOL");
});
