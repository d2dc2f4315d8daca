import { assertEquals, assertRejects } from "@std/assert";
import { JSockDClientError, type JSockDErrorCode } from "../../mod.ts";
import { within } from "../support/within.ts";

/**
 * Asserts that a command soon rejects with a code and a text in its message. Resolves to the error.
 */
export async function assertRejectsWith(
  command: Promise<unknown>,
  code: JSockDErrorCode,
  message = "",
): Promise<JSockDClientError> {
  const error = await assertRejects(
    () => within(command, `a command to reject as ${code}`),
    JSockDClientError,
    message,
  );
  assertEquals(error.code, code, error.message);
  return error;
}
