import { JSockDClientError, JSockDJSException } from "../common/errors.ts";
import { UsageError } from "./arguments.ts";

/** What the user is told of an error. One that nobody foresaw is a bug, and shows where it is. */
export function describeError(error: unknown): string {
  if (error instanceof UsageError) return `error: ${error.message}`;
  if (error instanceof JSockDClientError) return `error: ${describeClientError(error)}`;
  if (error instanceof JSockDJSException) return error.stack ?? error.message;
  // Deno says itself which flag to add.
  if (error instanceof Deno.errors.NotCapable) return `error: ${error.message}`;
  return Deno.inspect(error);
}

/** The message of an error that was foreseen, with its code at the end of the first line. */
export function describeClientError({ message, code }: JSockDClientError): string {
  return message.replace(/^.*/, (firstLine) => `${firstLine} (${code})`);
}
