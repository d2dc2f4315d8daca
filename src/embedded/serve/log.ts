import { encodeLogEntry } from "../../protocol/logs.ts";
import type { Log } from "../engines/engine.ts";
import type { ByteRing } from "../session/byte_ring.ts";

/** Takes an entry of the log, as it is written. */
export type EntryWriter = (entry: Uint8Array) => void;

const NEWLINE = 0x0A;

const encoder = new TextEncoder();

/**
 * Makes a log.
 *
 * @param write Takes each entry.
 * @param prefix Stands before each message of the server itself; one of more than a line would break
 * the format, and is ignored.
 */
export function makeLog(write: EntryWriter, prefix: string): Log {
  const usedPrefix = /[\r\n]/.test(prefix) ? "" : prefix;
  return (level, text, origin = "server") => {
    const timestamp = Temporal.Now.instant();
    const message = origin === "console" ? text : usedPrefix + text.replace(/[ \t\r\n]+$/, "");
    write(encoder.encode(encodeLogEntry({ timestamp, level, message })));
  };
}

/** Writes the entries of all threads to stderr, none into the midst of another. */
export class LogWriter {
  #written: Promise<void> = Promise.resolve();

  /** Writes an entry after those that are being written. */
  readonly write: EntryWriter = (entry) => {
    this.#written = this.#written.then(() => writeAll(Deno.stderr, entry));
  };

  /**
   * Writes what comes through a ring. A reader of stderr that is slow holds up who logs, not more.
   */
  async follow(ring: ByteRing): Promise<never> {
    for (;;) {
      await ring.waitForBytesAsync();
      this.#written = this.#written.then(() => drainEntries(ring));
      await this.#written;
    }
  }

  /** Resolves when all entries so far are written. */
  async flush(rings: readonly ByteRing[]): Promise<void> {
    for (const ring of rings) this.#written = this.#written.then(() => drainEntries(ring));
    await this.#written;
  }
}

/** Writes the entries in a ring; of one that is larger than the ring also what is still to come. */
async function drainEntries(ring: ByteRing): Promise<void> {
  for (let inEntry = false;;) {
    const from = ring.releasePosition;
    const bytes = ring.copy(from, ring.writePosition);
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    if (whole === 0 && !inEntry && !ring.isFull) return;
    const part = whole === 0 ? bytes : bytes.subarray(0, whole);
    await writeAll(Deno.stderr, part);
    ring.release((from + part.length) | 0);
    inEntry = whole === 0;
    if (inEntry) await ring.waitForBytesAsync();
  }
}

/** Writes all the bytes, however many calls that takes. */
export async function writeAll(
  writer: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await writer.write(bytes.subarray(written));
  }
}

/** As {@linkcode writeAll}, at once. */
export function writeAllSync(
  writer: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let written = 0; written < bytes.length;) {
    written += writer.writeSync(bytes.subarray(written));
  }
}
