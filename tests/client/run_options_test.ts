import { assertEquals, assertThrows } from "@std/assert";
import { JSockDClientError } from "../../src/common/errors.ts";
import { toRunOptions } from "../../src/client/run_options.ts";

Deno.test("toRunOptions() returns options with a messageHandler when given a function", () => {
  const messageHandler = () => 1;
  assertEquals(toRunOptions(messageHandler), { messageHandler });
});

Deno.test("toRunOptions() returns the given options without undefined fields", () => {
  const { signal } = new AbortController();
  assertEquals(toRunOptions(undefined), {});
  assertEquals(toRunOptions({ signal, timeoutUs: 1 }), { signal, timeoutUs: 1 });
  assertEquals(toRunOptions({ timeoutUs: undefined } as object), {});
});

Deno.test("toRunOptions() throws and says what it expected when an option is not valid", () => {
  for (
    const [options, message] of [
      [{ timeout: 1 }, "no field 'timeout'; did you mean 'timeoutUs'?"],
      [{ timeoutUs: 0.5 }, "Cannot use 0.5 as timeoutUs: expected a whole number from 1"],
      [{ signal: 1 }, "Cannot use 1 as signal: expected an AbortSignal"],
      [{ messageHandler: "f" }, 'Cannot use "f" as messageHandler: expected a function'],
      [null, "Cannot use null as the options of the command: expected an object"],
      [100, "Cannot use 100 as the options of the command: expected an object"],
    ] as const
  ) {
    const error = assertThrows(() => toRunOptions(options as object), JSockDClientError, message);
    assertEquals(error.code, "INVALID_COMMAND");
  }
});
