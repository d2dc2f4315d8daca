import { assertEquals } from "@std/assert";
import { describeFailure } from "../../examples/react_ssr/failure.ts";
import { JSockDClientError, JSockDJSException } from "../../mod.ts";

const INTERRUPTED = new JSockDJSException('{"errorMessage":"InternalError: interrupted"}');
const THROWN = new JSockDJSException('{"errorMessage":"Error: secret"}');

for (
  const [name, error, status, text] of [
    ["a page that takes too long", INTERRUPTED, 504, "This page took too long"],
    ["a page that throws", THROWN, 500, "Something went wrong"],
    [
      "no free thread",
      new JSockDClientError("TIMEOUT", "secret"),
      503,
      "Too busy, please try again",
    ],
    [
      "a closed client",
      new JSockDClientError("CLOSED", "secret"),
      503,
      "Too busy, please try again",
    ],
    [
      "a dead server",
      new JSockDClientError("SERVER_EXITED", "secret"),
      500,
      "Something went wrong",
    ],
    ["a value that is not an Error", "secret", 500, "Something went wrong"],
  ] as const
) {
  Deno.test(`describeFailure() returns status ${status} without details when given ${name}`, () => {
    assertEquals(describeFailure(error, false), { status, text });
  });
}

Deno.test("describeFailure() includes the stack trace when dev is true", () => {
  const { stack } = describeFailure(THROWN, true);
  assertEquals(stack, THROWN.stack);
});
