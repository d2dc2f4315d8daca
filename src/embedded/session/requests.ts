import { MAX_FIELD_BYTES } from "../../protocol/limits.ts";
import { concat } from "@std/bytes/concat";
import type { Field } from "../../protocol/fields.ts";
import { type ByteRing, distance } from "./byte_ring.ts";

/** A complete command. */
export interface CommandRequest {
  readonly type: "command";
  readonly id: Field;
  readonly query: Field;
  readonly param: Field;
  /** The cursor after this request. */
  readonly after: Cursor;
}

/** A control command, such as `?reset`. It may stand between the fields of a command. */
export interface ControlRequest {
  readonly type: "control";
  readonly text: string;
  readonly after: Cursor;
}

/** A request of the client. */
export type Request = CommandRequest | ControlRequest;

/** How far the client's bytes have been read. It is immutable: each step creates another one. */
interface Cursor {
  /** The position in the ring of the next byte to read. */
  readonly position: number;
  /** The fields so far of an incomplete command. */
  readonly fields: readonly Field[];
  /** The bytes so far of an incomplete field, copied out of the ring to free its space. */
  readonly partial: Uint8Array;
  /** Whether that field is too long already, so that its bytes are discarded. */
  readonly discarding: boolean;
}

const NO_BYTES = new Uint8Array();

/**
 * Reads requests from a ring.
 *
 * {@linkcode Requests.peek} reads a request, and {@linkcode Requests.take} moves past it with a
 * single assignment. So V8 may interrupt both between any two statements, and no request is lost or
 * read twice.
 */
export class Requests {
  readonly #ring: ByteRing;
  readonly #separator: number;
  readonly #separatorText: string;
  /** Whether decoded text can be split by the separator. Only an ASCII byte is a character. */
  readonly #splitsText: boolean;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #cursor: Cursor;

  /** @param separator The byte that ends a field. */
  constructor(ring: ByteRing, separator: number) {
    this.#ring = ring;
    this.#separator = separator;
    this.#separatorText = String.fromCharCode(separator);
    this.#splitsText = separator < 0x80;
    this.#cursor = {
      position: ring.releasePosition,
      fields: [],
      partial: NO_BYTES,
      discarding: false,
    };
  }

  /** Whether a part of a request has arrived, or all of it. */
  get hasInput(): boolean {
    const { position, fields, partial, discarding } = this.#cursor;
    return fields.length + partial.length > 0 || discarding ||
      this.#ring.writePosition !== position;
  }

  /** Returns the next request, or undefined if it has not arrived completely. */
  peek(): Request | undefined {
    const whole = this.#peekWholeCommand();
    if (whole !== undefined) return whole;
    let cursor = this.#cursor;
    for (;;) {
      const read = this.#readField(cursor);
      if (read === undefined) return undefined;
      const { field, after } = read;
      if (field.text.startsWith("?")) return { type: "control", text: field.text, after };
      const [id, query] = cursor.fields;
      if (id !== undefined && query !== undefined) {
        return { type: "command", id, query, param: field, after: { ...after, fields: [] } };
      }
      cursor = { ...after, fields: [...cursor.fields, field] };
    }
  }

  /** Returns the next command if all of it is in the ring, copied and decoded in one piece. */
  #peekWholeCommand(): CommandRequest | undefined {
    const { position, fields, partial, discarding } = this.#cursor;
    if (fields.length + partial.length > 0 || discarding || !this.#splitsText) return undefined;
    let end = position;
    for (let i = 0; i < 3; i++) {
      const found = this.#ring.find(this.#separator, end);
      if (found === undefined || distance(end, found) > MAX_FIELD_BYTES) return undefined;
      end = (found + 1) | 0;
    }
    const text = this.#decoder.decode(this.#ring.copy(position, end));
    const [id, query, param] = text.split(this.#separatorText) as [string, string, string];
    if (id.startsWith("?") || query.startsWith("?") || param.startsWith("?")) return undefined;
    return {
      type: "command",
      id: { text: id, tooLong: false },
      query: { text: query, tooLong: false },
      param: { text: param, tooLong: false },
      after: { position: end, fields: [], partial: NO_BYTES, discarding: false },
    };
  }

  /** Moves past a request. */
  take(request: Request): void {
    this.#moveTo(request.after);
  }

  /** Drops the fields so far of an incomplete command. */
  reset(): void {
    this.#moveTo({ ...this.#cursor, fields: [], partial: NO_BYTES, discarding: false });
  }

  /**
   * Blocks until there may be a request that {@linkcode Requests.peek} did not find.
   *
   * @param timeout How long to wait, in milliseconds.
   * @returns False if nothing arrived in time.
   */
  wait(timeout: number = Infinity): boolean {
    const end = this.#ring.writePosition;
    let cursor = this.#cursor;
    for (let read; (read = this.#readField(cursor)) !== undefined;) {
      if (read.field.text.startsWith("?") || cursor.fields.length === 2) return true;
      cursor = { ...read.after, fields: [...cursor.fields, read.field] };
    }
    return this.#waitForBytesPast(end, cursor, timeout);
  }

  /**
   * Blocks until a field of a message's response arrives, and returns it without moving past it.
   */
  peekResponseField(): Field {
    return this.#waitForField().field;
  }

  /** Blocks until a field of a message's response arrives, and moves past it. */
  takeResponseField(): Field {
    const { field, after } = this.#waitForField();
    this.#moveTo(after);
    return field;
  }

  #waitForField(): { field: Field; after: Cursor } {
    for (;;) {
      const end = this.#ring.writePosition;
      const read = this.#readField(this.#cursor);
      if (read !== undefined) return read;
      this.#waitForBytesPast(end, this.#cursor, Infinity);
    }
  }

  #readField(cursor: Cursor): { field: Field; after: Cursor } | undefined {
    const { position, fields, partial, discarding } = cursor;
    const end = this.#ring.find(this.#separator, position);
    if (end === undefined) return undefined;
    const tooLong = discarding || partial.length + distance(position, end) > MAX_FIELD_BYTES;
    const text = tooLong ? "" : this.#decode(partial, this.#ring.copy(position, end));
    return {
      field: { text, tooLong },
      after: { position: (end + 1) | 0, fields, partial: NO_BYTES, discarding: false },
    };
  }

  #decode(partial: Uint8Array, rest: Uint8Array): string {
    return this.#decoder.decode(partial.length === 0 ? rest : concat([partial, rest]));
  }

  /**
   * Blocks until bytes are written past `end`. The bytes before `end` are a part of a field. They
   * are copied out of the ring first, because the ring may be too small for the whole field.
   */
  #waitForBytesPast(end: number, cursor: Cursor, timeout: number): boolean {
    const { position, partial } = cursor;
    const discarding = cursor.discarding ||
      partial.length + distance(position, end) > MAX_FIELD_BYTES;
    this.#moveTo({
      position: end,
      fields: cursor.fields,
      partial: discarding ? NO_BYTES : concat([partial, this.#ring.copy(position, end)]),
      discarding,
    });
    return this.#ring.waitForBytesPast(end, timeout);
  }

  #moveTo(cursor: Cursor): void {
    this.#cursor = cursor;
    this.#ring.release(cursor.position);
  }
}
