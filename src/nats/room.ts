/** How much estimated work a worker takes for each of its threads, in milliseconds. */
const WORK_MS = 20;

/** The weight of the newest command in the moving average. */
const NEWEST_SHARE = 1 / 16;

/**
 * Decides how many commands a worker takes. All threads shall be busy while requests and replies
 * travel, but a command that would have to wait here goes to another worker. So a worker takes a
 * command for each thread, and more as long as they are quick.
 */
export class Room {
  readonly #threads: () => number;
  readonly #max: number;
  #taken = 0;
  /** How long a worker takes for one more command, in milliseconds: a moving average. */
  #eachMs = 0;

  /**
   * @param threads Returns the number of threads.
   * @param max How many commands to take at most.
   */
  constructor(threads: () => number, max: number) {
    this.#threads = threads;
    this.#max = max;
  }

  /** The number of commands that were taken and have not left. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes a command if there is room. Returns whether there was. */
  take(): boolean {
    if (this.#taken >= this.#max) return false;
    const threads = this.#threads();
    if (this.#taken >= threads && this.#eachMs * (this.#taken + 1) > WORK_MS) return false;
    this.#taken++;
    return true;
  }

  /** Lets a command leave that was here for some time. */
  leave(milliseconds: number): void {
    // All commands here share the threads, so each takes its part of the time.
    const each = milliseconds / this.#taken;
    this.#taken--;
    this.#eachMs += (each - this.#eachMs) * NEWEST_SHARE;
  }
}
