import { JSockDClientError } from "../common/errors.ts";
import type { PendingCommand } from "./pending_command.ts";
import { encode, formatRequestLine, type RequestLine } from "./wire.ts";

/** How many bytes of UTF-8 a UTF-16 code unit can take. */
const MAX_BYTES_PER_UNIT = 3;

/** What the length of a parameter adds to the first line, at most. */
const LENGTH_BYTES = 100;

/**
 * Throws if the first line of a request does not fit in a message. Only code can be that long.
 *
 * @param limit How many bytes of content a message can have.
 * @throws {JSockDClientError} `INVALID_COMMAND`.
 */
export function checkLine(line: string, limit: number): void {
  if (line.length * MAX_BYTES_PER_UNIT <= limit) return;
  const { length } = encode(line);
  if (length <= limit) return;
  throw new JSockDClientError(
    "INVALID_COMMAND",
    `Cannot send the query: with its options it has ${length} bytes, the limit over NATS is ` +
      `${limit} here (max_payload of the NATS server); put code into the module of the workers`,
  );
}

/**
 * Returns the payload of a request. If the parameter does not fit, it has the first piece of it, and the
 * command keeps the bytes for the others.
 */
export function requestPayload(command: PendingCommand, limit: number): string | Uint8Array {
  const { line, paramJson } = command;
  const rest = limit - line.length * MAX_BYTES_PER_UNIT;
  if (paramJson.length * MAX_BYTES_PER_UNIT <= rest) return `${line}\n${paramJson}`;
  command.paramBytes ??= encode(paramJson);
  const { length } = command.paramBytes;
  if (length <= rest) return `${line}\n${paramJson}`;
  const withLength: RequestLine = { ...JSON.parse(line), bytes: length };
  const head = encode(`${formatRequestLine(withLength)}\n`);
  const first = command.paramBytes.subarray(0, Math.max(0, rest - LENGTH_BYTES));
  const payload = new Uint8Array(head.length + first.length);
  payload.set(head);
  payload.set(first, head.length);
  return payload;
}
