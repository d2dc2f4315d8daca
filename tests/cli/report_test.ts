import { assertEquals, assertMatch } from "@std/assert";
import { JSockDClientError, JSockDJSException } from "../../mod.ts";
import { UsageError } from "../../src/cli/arguments.ts";
import { describeError } from "../../src/cli/report.ts";

Deno.test("describeError() returns message and code when the error is expected", () => {
  const cases: [Error, string][] = [
    [new UsageError("Cannot read it"), "error: Cannot read it"],
    [new JSockDClientError("CLOSED", "Cannot run it"), "error: Cannot run it (CLOSED)"],
    [new JSockDClientError("CONFIG", "2 errors\n\n1\n2"), "error: 2 errors (CONFIG)\n\n1\n2"],
    [new Deno.errors.NotCapable("Requires read access"), "error: Requires read access"],
  ];
  for (const [error, expected] of cases) assertEquals(describeError(error), expected);
});

Deno.test("describeError() names options when the message names fields of the API", () => {
  const cases: [string, string][] = [
    ["Cannot use 1 as bytecodeModulePublicKey: no", "Cannot use 1 as --public-key: no"],
    ['Cannot use "publicKey" as publicKey: no', 'Cannot use "publicKey" as --release-key: no'],
    [
      "Cannot use it: the server's 'baseUrl'; check baseUrl",
      "Cannot use it: the server's 'baseUrl'; check --base-url",
    ],
    [
      "Cannot use 'a' as version: expected a version",
      "Cannot use 'a' as --version: expected a version",
    ],
    [
      "Cannot go on; use the embedded server of '@x/jsockd/embedded'",
      "Cannot go on; use the embedded server with --embedded",
    ],
    [
      "Cannot get a result: the command ran for longer than maxCommandRuntimeUs, 50000 µs, and " +
      "the server did not stop it; make the command quicker, or raise maxCommandRuntimeUs",
      "Cannot get a result: the command ran for longer than --timeout, 50 ms, and " +
      "the server did not stop it; make the command quicker, or raise --timeout",
    ],
    [
      "Cannot get a result within 15000500 µs: the server has not answered; raise timeoutUs, or " +
      "nThreads if commands queue up",
      "Cannot get a result within 15000.5 ms: the server has not answered; raise --timeout",
    ],
    [
      "Cannot tell whether the command was run: it took 2 bytes of memory, and the limit, " +
      "maxMemoryBytes, is 1; if it may run twice, run it with idempotent: true",
      "Cannot tell whether the command was run: it took 2 bytes of memory, and the limit is 1",
    ],
    [
      "Cannot run the command: it ended, after 'the server takes 2 MiB of memory, the limit is 1 " +
      "(maxMemoryMb or maxMemoryBytes); raise it, or keep less in commands and globals', after 1 " +
      "restarts within a minute; maxRestartsPerMinute is 1, raise it or call reload()",
      "Cannot run the command: it ended, after 'the server takes 2 MiB of memory, the limit is 1; " +
      "keep less in commands and globals', after 1 restarts within a minute",
    ],
    ["Cannot read '1000 µs' as maxCommandRuntimeUs", "Cannot read '1000 µs' as --timeout"],
    ["Cannot send it: the limit is 9; raise maxParamBytes", "Cannot send it: the limit is 9"],
  ];
  for (const [message, expected] of cases) {
    const error = new JSockDClientError("CONFIG", `${message}\nflavor`);
    assertEquals(describeError(error), `error: ${expected} (CONFIG)\nflavor`);
  }
});

Deno.test("describeError() returns only the JavaScript's stack when the error is an exception in it", () => {
  const frame = { functionName: "f", source: "page.tsx", line: "3", column: "7" };
  const resultJson = JSON.stringify({ errorMessage: "Error: boom", trace: [frame] });
  assertEquals(
    describeError(new JSockDJSException(resultJson)),
    "JSockDJSException: Error: boom\n    at f (page.tsx:3:7)",
  );
});

Deno.test("describeError() returns the stack when the error is unexpected", () => {
  assertMatch(describeError(new TypeError("oops")), /^TypeError: oops\n {4}at .*report_test\.ts/);
});
