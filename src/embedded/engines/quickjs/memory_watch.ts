import type { Runtime } from "./runtime.ts";

const COMMANDS_BETWEEN_CHECKS = 100;
const MAX_INCREASES = 3;

/** Notices a runtime whose memory keeps growing from command to command. */
export class MemoryWatch {
  #commands = 0;
  #increases = 0;
  #lastUsage = 0;
  #lastKeptQueries = 0;

  /**
   * To be asked after every command.
   *
   * @param keptQueries Compiled queries in the runtime: while they become more, memory may grow.
   * @returns Whether there was more at each of the last checks.
   */
  hasGrown(runtime: Pick<Runtime, "memoryUsage">, keptQueries: number): boolean {
    if (++this.#commands % COMMANDS_BETWEEN_CHECKS !== 0) return false;
    const usage = runtime.memoryUsage().size;
    const grown = usage > this.#lastUsage && keptQueries <= this.#lastKeptQueries;
    this.#increases = grown ? this.#increases + 1 : 0;
    this.#lastUsage = usage;
    this.#lastKeptQueries = keptQueries;
    return this.#increases >= MAX_INCREASES;
  }
}
