import { collectGarbage } from "../garbage.ts";

const COMMANDS_BETWEEN_CHECKS = 100;

/** What may have been added to the memory of an engine when the commands on it are over. */
const MAX_GROWTH_MB = 128;

const MEBIBYTE = 1 << 20;

/** Notices an engine on which commands leave more and more behind. */
export class GrowthWatch {
  readonly #usage: () => number;
  readonly #atFirst: number;
  #commands = 0;

  /** @param usage Returns the memory in use, in bytes. */
  constructor(usage: () => number) {
    this.#usage = usage;
    this.#atFirst = usage();
  }

  /** To be asked after every command: by how many MiB the memory has grown, if that is too much. */
  growth(): number | undefined {
    if (++this.#commands % COMMANDS_BETWEEN_CHECKS !== 0 || this.#growth() < MAX_GROWTH_MB) return;
    // Much of it may be garbage, which V8 leaves where it is as long as there is room.
    collectGarbage();
    const growth = this.#growth();
    return growth < MAX_GROWTH_MB ? undefined : growth;
  }

  #growth(): number {
    return Math.round((this.#usage() - this.#atFirst) / MEBIBYTE);
  }
}
