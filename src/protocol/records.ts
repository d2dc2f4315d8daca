import { Runs } from "./runs.ts";

const NEWLINE = 0x0A;

/** The most frequent first. */
const RECORD_TYPES = ["ok", "message", "exception"] as const;

const encoder = new TextEncoder();

/** A record of a command: its result, its exception, or a message that it sends. */
export interface CommandRecord {
  /** `ok` for a result, `exception` for an exception, `message` for a message. */
  readonly type: "ok" | "exception" | "message";
  /** The ID that the command was sent with. */
  readonly id: string;
  /** JSON text, as the server sent it. */
  readonly data: string;
}

/** The reply to a control command such as `?reset`: a line without a command's ID. */
export interface ControlRecord {
  /** Distinguishes it from other records. */
  readonly type: "control";
  /** The whole line, without its newline. */
  readonly text: string;
}

/** A line that is not UTF-8. A JSockD server never sends one. */
export interface MalformedRecord {
  /** Distinguishes it from other records. */
  readonly type: "malformed";
  /** The line, with U+FFFD in place of invalid bytes. */
  readonly text: string;
}

/** One line that a server sends. */
export type JSockDRecord = CommandRecord | ControlRecord | MalformedRecord;

/**
 * Splits the bytes that a server sends into records, in linear time. Chunks may begin and end
 * anywhere. An incomplete record at the end of the stream is dropped.
 *
 * @example Use in a pipe
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RecordDecoder } from "@x/jsockd/protocol";
 *
 * const bytes = ReadableStream.from([
 *   new TextEncoder().encode("a1 ok 4"),
 *   new TextEncoder().encode("2\nreset\n"),
 * ]);
 * const records = await Array.fromAsync(
 *   bytes.pipeThrough(new TransformStream(new RecordDecoder())),
 * );
 * assertEquals(records, [
 *   { type: "ok", id: "a1", data: "42" },
 *   { type: "control", text: "reset" },
 * ]);
 * ```
 */
export class RecordDecoder implements Transformer<Uint8Array, JSockDRecord> {
  readonly #runs = new Runs(NEWLINE);
  readonly #strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #lossy = new TextDecoder("utf-8", { ignoreBOM: true });

  /**
   * Enqueues every record that a chunk completes. The caller may reuse the chunk's buffer
   * afterwards.
   */
  transform(
    chunk: Uint8Array,
    controller: Pick<TransformStreamDefaultController<JSockDRecord>, "enqueue">,
  ): void {
    const run = this.#runs.push(chunk);
    if (run === undefined) return;
    // One decode() for all complete lines is much cheaper than one for each, and a decoder that
    // throws is many times slower than one that replaces. U+FFFD in the text means that there was
    // invalid UTF-8, or that the server did send U+FFFD: only then is each line decoded on its own.
    const text = this.#lossy.decode(run);
    if (text.includes("\uFFFD")) return this.#transformEachLine(run, controller);
    let start = 0;
    while (start < text.length) {
      const end = text.indexOf("\n", start);
      controller.enqueue(parseRecord(text, start, end));
      start = end + 1;
    }
  }

  #transformEachLine(
    run: Uint8Array,
    controller: Pick<TransformStreamDefaultController<JSockDRecord>, "enqueue">,
  ): void {
    let start = 0;
    while (start < run.length) {
      const end = run.indexOf(NEWLINE, start);
      const line = run.subarray(start, end);
      const text = this.#decode(line);
      controller.enqueue(
        text === undefined
          ? { type: "malformed", text: this.#lossy.decode(line) }
          : parseRecord(text, 0, text.length),
      );
      start = end + 1;
    }
  }

  #decode(bytes: Uint8Array): string | undefined {
    try {
      return this.#strict.decode(bytes);
    } catch {
      return undefined;
    }
  }
}

/**
 * Returns the bytes of a record as a server sends it.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeRecord } from "@x/jsockd/protocol";
 *
 * const bytes = encodeRecord({ type: "ok", id: "a1", data: "42" });
 * assertEquals(new TextDecoder().decode(bytes), "a1 ok 42\n");
 * ```
 */
export function encodeRecord(record: CommandRecord | ControlRecord): Uint8Array<ArrayBuffer> {
  const line = record.type === "control"
    ? record.text
    : `${record.id} ${record.type} ${record.data}`;
  return encoder.encode(`${line}\n`);
}

/** Parses the line from `start` to `end`, without a copy of it. */
function parseRecord(text: string, start: number, end: number): CommandRecord | ControlRecord {
  const idEnd = text.indexOf(" ", start);
  if (idEnd > start && idEnd < end) {
    for (const type of RECORD_TYPES) {
      const typeEnd = idEnd + 1 + type.length;
      if (typeEnd < end && text.startsWith(type, idEnd + 1) && text[typeEnd] === " ") {
        return { type, id: text.slice(start, idEnd), data: text.slice(typeEnd + 1, end) };
      }
    }
  }
  return { type: "control", text: text.slice(start, end) };
}
