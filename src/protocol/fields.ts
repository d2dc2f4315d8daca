import { MAX_FIELD_BYTES, SEPARATOR } from "./limits.ts";
import { Runs } from "./runs.ts";

/**
 * A field that a client sends: an ID, a query, a parameter, an answer to a message, a control
 * command.
 */
export interface Field {
  /**
   * The text of the field, with U+FFFD in place of invalid UTF-8; empty if the field is too long.
   */
  readonly text: string;
  /** Whether the field has more than {@linkcode MAX_FIELD_BYTES} bytes. */
  readonly tooLong: boolean;
}

/**
 * Splits the bytes that a client sends into fields. Chunks may begin and end anywhere. A field that
 * is too long is not kept in memory.
 *
 * @example Use in a pipe
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeCommand, FieldDecoder } from "@x/jsockd/protocol";
 *
 * const bytes = ReadableStream.from([encodeCommand("a1", "(_, n) => n + 1", "41")]);
 * const fields = await Array.fromAsync(
 *   bytes.pipeThrough(new TransformStream(new FieldDecoder())),
 * );
 * assertEquals(fields.map((field) => field.text).join("|"), "a1|(_, n) => n + 1|41");
 * ```
 */
export class FieldDecoder implements Transformer<Uint8Array, Field> {
  readonly #separator: number;
  readonly #runs: Runs;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #discarding = false;

  /**
   * Creates a decoder at the beginning of a field.
   *
   * @param separator The byte that ends a field; the server's `-b`.
   */
  constructor(separator: number = SEPARATOR) {
    this.#separator = separator;
    this.#runs = new Runs(separator);
  }

  /**
   * Enqueues every field that a chunk completes. The caller may reuse the chunk's buffer
   * afterwards.
   */
  transform(
    chunk: Uint8Array,
    controller: Pick<TransformStreamDefaultController<Field>, "enqueue">,
  ): void {
    const run = this.#runs.push(chunk);
    if (run !== undefined) this.#split(run, controller);
    if (this.#runs.pendingBytes > MAX_FIELD_BYTES) {
      this.#runs.discard();
      this.#discarding = true;
    }
  }

  #split(
    run: Uint8Array,
    controller: Pick<TransformStreamDefaultController<Field>, "enqueue">,
  ): void {
    let start = 0;
    while (start < run.length) {
      const end = run.indexOf(this.#separator, start);
      const tooLong = this.#discarding || end - start > MAX_FIELD_BYTES;
      const text = tooLong ? "" : this.#decoder.decode(run.subarray(start, end));
      controller.enqueue({ text, tooLong });
      this.#discarding = false;
      start = end + 1;
    }
  }
}
