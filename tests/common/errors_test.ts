import { assertEquals, assertInstanceOf, assertMatch, assertStringIncludes } from "@std/assert";
import { JSockDClientError, JSockDJSException } from "../../src/common/errors.ts";

Deno.test("JSockDClientError() has the given code, message and cause", () => {
  const cause = new TypeError("inner");
  const error = new JSockDClientError("TIMEOUT", "outer", { cause });
  assertInstanceOf(error, Error);
  assertEquals([error.name, error.code, error.message], ["JSockDClientError", "TIMEOUT", "outer"]);
  assertEquals(error.cause, cause);
});

Deno.test("JSockDJSException() parses an exception with a stack trace", () => {
  const json = JSON.stringify({
    errorMessage: "Error: boom",
    trace: [
      { functionName: "inner", source: "bundle.mjs", line: "3", column: "7" },
      { functionName: "<anonymous>", source: "native", line: null, column: null },
    ],
    raw: "Error: boom\n    at inner (bundle.mjs:3:7)\n",
    pretty: "pretty text",
  });
  const exception = new JSockDJSException(json);
  assertInstanceOf(exception, Error);
  assertEquals(exception.name, "JSockDJSException");
  assertEquals(exception.resultJson, json);
  assertEquals(exception.errorMessage, "Error: boom");
  assertEquals(exception.message, "Error: boom");
  assertEquals(exception.pretty, "pretty text");
  assertEquals(exception.trace, [
    { functionName: "inner", source: "bundle.mjs", line: 3, column: 7, mapped: null },
    { functionName: "<anonymous>", source: "native", line: null, column: null, mapped: null },
  ]);
  assertEquals(
    exception.stack,
    "JSockDJSException: Error: boom\n    at inner (bundle.mjs:3:7)\n    at <anonymous> (native)",
  );
});

Deno.test("JSockDJSException() shows mapped positions in its stack", () => {
  const exception = new JSockDJSException(JSON.stringify({
    errorMessage: "Error: boom",
    trace: [{
      functionName: "a",
      source: "bundle.mjs",
      line: "1",
      column: "900",
      mapped: { functionName: "renderPage", source: "page.tsx", line: 12, column: 5 },
    }],
  }));
  assertEquals(exception.trace[0]?.mapped, {
    functionName: "renderPage",
    source: "page.tsx",
    line: 12,
    column: 5,
  });
  assertStringIncludes(exception.stack!, "at a (page.tsx:12:5)");
});

Deno.test("JSockDJSException() ignores the mapped position when it is in a command's own text", () => {
  const exception = new JSockDJSException(JSON.stringify({
    errorMessage: "Error: boom",
    trace: [{
      functionName: "a",
      source: "<buffer>",
      line: "1",
      column: "9",
      mapped: { source: "page.tsx", line: 12, column: 5 },
    }],
  }));
  assertEquals(exception.trace[0]?.mapped, null);
  assertStringIncludes(exception.stack!, "at a (<buffer>:1:9)");
});

Deno.test("JSockDJSException() takes the message when the JSON is a string", () => {
  const exception = new JSockDJSException('"error compiling command"');
  assertEquals(exception.errorMessage, "error compiling command");
  assertEquals(exception.trace, []);
  assertEquals(exception.pretty, undefined);
  assertEquals("pretty" in exception, false);
});

for (const json of ["", "{}"]) {
  Deno.test(`JSockDJSException() names the time limit when the server sends only '${json}'`, () => {
    const exception = new JSockDJSException(json);
    assertMatch(exception.errorMessage, /^exception without description: .*maxCommandRuntimeUs/);
    assertEquals([exception.trace, exception.resultJson], [[], json]);
  });
}

for (
  const json of ["{", "12", "null", '{"errorMessage":1,"trace":3}', '{"trace":[1,null]}']
) {
  Deno.test(`JSockDJSException() quotes the JSON when it has no description: '${json}'`, () => {
    const exception = new JSockDJSException(json);
    assertEquals(exception.errorMessage, `exception without description: ${json}`);
    assertEquals(exception.trace, []);
    assertEquals(exception.resultJson, json);
  });
}
