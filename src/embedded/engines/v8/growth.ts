import { collectGarbage } from "../garbage.ts";

const COMMANDS_BETWEEN_CHECKS = 100;

/** The limit of an engine's memory growth between commands, in MiB. */
const MAX_GROWTH_MB = 128;

const MEBIBYTE = 1 << 20;

/** Detects an engine whose commands leak memory. */
export class GrowthWatch {
  readonly #usage: () => number;
  readonly #initialUsage: number;
  #commands = 0;

  /** @param usage Returns the memory in use, in bytes. */
  constructor(usage: () => number) {
    this.#usage = usage;
    this.#initialUsage = usage();
  }

  /**
   * Returns the growth of the memory in MiB if it exceeds the limit. Must be called once for each
   * command, and measures the memory only at some of these calls.
   */
  growth(): number | undefined {
    if (++this.#commands % COMMANDS_BETWEEN_CHECKS !== 0 || this.#growth() < MAX_GROWTH_MB) return;
    // V8 delays garbage collection while the heap has room, so much of the growth may be garbage.
    collectGarbage();
    const growth = this.#growth();
    return growth < MAX_GROWTH_MB ? undefined : growth;
  }

  #growth(): number {
    return Math.round((this.#usage() - this.#initialUsage) / MEBIBYTE);
  }
}
