/**
 * Encoders and decoders for JSockD's protocol, without any I/O: the basis for other clients and
 * servers. Decoders are transformers for `new TransformStream(…)`.
 *
 * @example The conversation of one command
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeCommand, RecordDecoder } from "@x/jsockd/protocol";
 *
 * const sent = encodeCommand("a1", "(_, n) => n + 1", "41");
 * assertEquals(sent.length, 22);
 *
 * const received = ReadableStream.from([new TextEncoder().encode("a1 ok 42\n")]);
 * for await (const record of received.pipeThrough(new TransformStream(new RecordDecoder()))) {
 *   assertEquals(record, { type: "ok", id: "a1", data: "42" });
 * }
 * ```
 *
 * @module
 */
import "../common/runtime_check.ts";

export {
  encodeCommand,
  encodeMessageResponse,
  ISOLATED_ID_PREFIX,
  RESET_COMMAND,
  RESET_REPLY,
} from "./commands.ts";
export * from "./fields.ts";
export * from "./limits.ts";
export * from "./logs.ts";
export * from "./ready.ts";
export * from "./records.ts";
