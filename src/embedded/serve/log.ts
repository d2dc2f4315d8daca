import { encodeLogEntry } from "../../protocol/logs.ts";
import type { Log } from "../engines/engine.ts";
import type { ByteRing } from "../session/byte_ring.ts";

/** Writes a log entry, which is encoded already. */
export type EntryWriter = (entry: Uint8Array) => void;

const NEWLINE = 0x0A;

const encoder = new TextEncoder();

/**
 * Returns a function that logs.
 *
 * @param prefix Is put before each message of the server itself. A prefix with a line break is
 * ignored, because it would break the format.
 */
export function makeLog(write: EntryWriter, prefix: string): Log {
  const usedPrefix = /[\r\n]/.test(prefix) ? "" : prefix;
  return (level, text, origin = "server") => {
    const timestamp = Temporal.Now.instant();
    const message = origin === "console" ? text : usedPrefix + text.replace(/[ \t\r\n]+$/, "");
    write(encoder.encode(encodeLogEntry({ timestamp, level, message })));
  };
}

/** Writes the log entries of all threads to stderr, one after the other. */
export class LogWriter {
  #written: Promise<void> = Promise.resolve();

  /** Writes an entry, after all earlier ones. */
  readonly write: EntryWriter = (entry) => {
    this.#written = this.#written.then(() => writeAll(Deno.stderr, entry));
  };

  /**
   * Writes the entries that arrive in a ring, for ever. If stderr is read slowly, only the threads
   * that log are held up.
   */
  async follow(ring: ByteRing): Promise<never> {
    for (;;) {
      await ring.waitForBytesAsync();
      this.#written = this.#written.then(() => drainEntries(ring));
      await this.#written;
    }
  }

  /** Resolves when all entries so far are written, those in the rings included. */
  async flush(rings: readonly ByteRing[]): Promise<void> {
    for (const ring of rings) this.#written = this.#written.then(() => drainEntries(ring));
    await this.#written;
  }
}

/**
 * Writes the complete entries in a ring, and waits for the rest of an entry larger than the ring.
 */
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

/** Writes all the bytes, in as many calls as that takes. */
export async function writeAll(
  writer: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await writer.write(bytes.subarray(written));
  }
}

/** Writes all the bytes synchronously. */
export function writeAllSync(
  writer: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let written = 0; written < bytes.length;) {
    written += writer.writeSync(bytes.subarray(written));
  }
}
