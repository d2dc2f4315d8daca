import { MAX_FIELD_BYTES } from "../../protocol/limits.ts";
import { concat } from "@std/bytes/concat";
import type { Field } from "../../protocol/fields.ts";
import { type ByteRing, distance } from "./byte_ring.ts";

/** A command, whole. */
export interface CommandRequest {
  readonly type: "command";
  readonly id: Field;
  readonly query: Field;
  readonly param: Field;
  /** What is still to be read after it. */
  readonly after: Cursor;
}

/** A control command, such as `?reset`. It may stand between the fields of a command. */
export interface ControlRequest {
  readonly type: "control";
  readonly text: string;
  readonly after: Cursor;
}

/** What a client asks for. */
export type Request = CommandRequest | ControlRequest;

/** How far the client's bytes have been read. Never changed: a step forward is another one. */
interface Cursor {
  /** Where in the ring reading goes on. */
  readonly position: number;
  /** The fields of a command that has not come whole. */
  readonly fields: readonly Field[];
  /** The bytes of a field that has not come whole, taken out of the ring to make room. */
  readonly partial: Uint8Array;
  /** Whether that field is too long already, and nothing of it is kept. */
  readonly discarding: boolean;
}

const NO_BYTES = new Uint8Array();

/**
 * Reads requests out of a ring. Reading and having read are two steps, {@linkcode Requests.peek} and
 * {@linkcode Requests.take}, and the second is one assignment: it can be cut off anywhere, and nothing
 * is read twice or lost.
 */
export class Requests {
  readonly #ring: ByteRing;
  readonly #separator: number;
  readonly #separatorText: string;
  /** Whether text can be split by it as well as bytes: beyond ASCII it is no text of its own. */
  readonly #splitsText: boolean;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #cursor: Cursor;

  /** Reads fields that the separator byte ends. */
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

  /** Whether the next request has begun to come: its client is not idle. */
  get begun(): boolean {
    return this.#cursor.fields.length > 0 || this.#cursor.partial.length > 0 ||
      this.#cursor.discarding;
  }

  /** Returns the next request; undefined if it has not come whole. */
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

  /** Returns the next command if all of it is in the ring: then it is copied and decoded at once. */
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

  /** Goes on behind a request. */
  take(request: Request): void {
    this.#moveTo(request.after);
  }

  /** Goes on behind all that has come of a command. */
  reset(): void {
    this.#moveTo({ ...this.#cursor, fields: [], partial: NO_BYTES, discarding: false });
  }

  /**
   * Blocks until there may be a request that {@linkcode Requests.peek} did not find.
   *
   * @param timeout How long to wait, in milliseconds.
   * @returns Whether there may be; false if nothing came in time.
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

  /** Blocks until there is a field, not of a request but of an answer. It is still to be taken. */
  peekResponseField(): Field {
    return this.#waitForField().field;
  }

  /** Blocks until there is a field, not of a request but of an answer, and goes on behind it. */
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
   * Blocks until there are bytes behind `end`, before which there is only a part of a field. It is
   * taken out of the ring, which may be too small for the whole of it.
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
