const encoder = new TextEncoder();

/**
 * The largest piece, in bytes of JSON. jsockd 0.0.139 refuses an answer that does not come in one
 * read of its socket: from 128 kB on, one in a hundred. On Linux 32 kB are one buffer of the socket.
 * On macOS a socket holds 8 KiB. Every server takes many small answers more quickly than a large one.
 */
export const MAX_PIECE_BYTES = Deno.build.os === "darwin" ? 8_000 : 32_000;

/** Cuts a text into pieces, each of which is sent as a JSON string. */
export class Pieces {
  readonly #text: string;
  readonly #starts = [0];

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Returns a piece as JSON text; `null` after the last one. A piece may be asked for again, but
   * none before the one that precedes it.
   */
  at(index: number): string {
    const start = this.#starts[index] ?? this.#text.length;
    if (start >= this.#text.length) return "null";
    const { json, end } = this.#cut(start);
    this.#starts[index + 1] = end;
    return json;
  }

  #cut(start: number): { json: string; end: number } {
    let end = Math.min(start + MAX_PIECE_BYTES, this.#text.length);
    for (;;) {
      // A surrogate pair that is cut in two is escaped, and whole again when the pieces are joined.
      const json = JSON.stringify(this.#text.slice(start, end));
      const { length } = encoder.encode(json);
      if (length <= MAX_PIECE_BYTES) return { json, end };
      // No character takes more than six bytes, so this ends far from 0.
      end = start + Math.floor((end - start) * MAX_PIECE_BYTES / length) - 1;
    }
  }
}
