import { messageOf } from "../common/errors.ts";
import { findSizeMeter, PS, type SizeMeter } from "./resident_size.ts";
import type { WatchedServer } from "./runtime_watch.ts";

/** The limit of a server whose configuration has none: half of a small machine's memory. */
export const DEFAULT_LIMIT_BYTES = 1 << 30;

/** The share of the limit from which there is a warning. */
const HIGH_SHARE = 0.75;

/** The share of the limit from which the server is replaced while its commands may finish. */
const CONDEMNED_SHARE = 0.9;

/** What a memory watch reports to. */
export interface MemoryWatchOptions {
  readonly pid: number;
  /** The limit of the process and its children, in bytes. */
  readonly limitBytes: number;
  readonly server: WatchedServer;
  /** Called once if the memory gets near the limit. */
  readonly onHigh: (residentBytes: number) => void;
  /** Logs a warning. */
  readonly warn: (message: string) => void;
}

/**
 * Holds a server to its memory limit from outside, because jsockd has none. It measures only while
 * commands run, at most every 80 ms.
 */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  #meter: SizeMeter | undefined;
  /** Whether a measurement is being made, or none can be made. */
  #pausing = false;
  #measuring = Promise.resolve();
  #measuredAt = -Infinity;
  #warned = false;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
  }

  /** Measures if the last time is long enough ago. */
  tick(now: number): void {
    if (this.#pausing || now - this.#measuredAt < (this.#meter?.intervalMs ?? 0)) return;
    this.#measuredAt = now;
    this.#pausing = true;
    this.#measuring = this.#measure().then(
      () => {
        this.#pausing = false;
      },
      (error) => this.#giveUp(error),
    );
  }

  /** Resolves when no measurement is being made. */
  get settled(): Promise<void> {
    return this.#measuring;
  }

  async #measure(): Promise<void> {
    const { pid, limitBytes, server, onHigh } = this.#options;
    this.#meter ??= await findSizeMeter();
    const bytes = await this.#meter.measure(pid);
    if (bytes > limitBytes * HIGH_SHARE && !this.#warned) {
      this.#warned = true;
      onHigh(bytes);
    }
    if (bytes > limitBytes) server.kill(this.#reason(bytes));
    else if (bytes > limitBytes * CONDEMNED_SHARE) server.condemn(this.#reason(bytes));
  }

  #reason(bytes: number): string {
    return `it took ${bytes} bytes of memory, and the limit, maxMemoryBytes, is ` +
      `${this.#options.limitBytes}`;
  }

  /** There will be no measurements, and #pausing stays true. */
  #giveUp(error: unknown): void {
    this.#options.warn(
      `Cannot hold the server to its memory limit: its size cannot be measured ` +
        `(${messageOf(error)}); have ${PS} installed, and allow this program to run it with ` +
        `--allow-run=${PS}`,
    );
  }
}
