import type { Runtime } from "./runtime.ts";

const COMMANDS_BETWEEN_CHECKS = 100;
const MAX_INCREASES = 3;

/** Detects a runtime whose memory keeps growing. */
export class MemoryWatch {
  #commands = 0;
  #increases = 0;
  #lastUsage = 0;
  #lastCachedQueries = 0;

  /**
   * Returns whether memory use has grown at each of the last checks. Call it after every command.
   *
   * @param cachedQueries The number of cached queries. While it grows, memory may grow, too.
   */
  hasGrown(runtime: Pick<Runtime, "memoryUsage">, cachedQueries: number): boolean {
    if (++this.#commands % COMMANDS_BETWEEN_CHECKS !== 0) return false;
    const usage = runtime.memoryUsage().size;
    const grown = usage > this.#lastUsage && cachedQueries <= this.#lastCachedQueries;
    this.#increases = grown ? this.#increases + 1 : 0;
    this.#lastUsage = usage;
    this.#lastCachedQueries = cachedQueries;
    return this.#increases >= MAX_INCREASES;
  }
}
