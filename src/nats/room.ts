/** How much estimated work a worker takes for each of its threads, in milliseconds. */
const WORK_MS = 100;

/** After how many milliseconds without an end of a command the estimate no longer holds. */
const STALL_MS = 100;

/** How many commands a thread gets while it is not known how long they take. */
const FIRST_COMMANDS = 4;

/** The weight of the newest command in the moving average, once there are as many. */
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
  #left = 0;
  /** How long a worker takes for one more command, in milliseconds: a moving average. */
  #eachMs = 0;
  /** When a command left, or came to an idle worker. */
  #progressAt = 0;

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

  /**
   * Takes a command if there is room. Returns whether there was.
   *
   * @param now The time, from `performance.now()`.
   */
  take(now: number): boolean {
    if (this.#taken >= this.#max) return false;
    const threads = this.#threads();
    if (this.#taken >= threads && !this.#isQuick(threads, now)) return false;
    if (this.#taken === 0) this.#progressAt = now;
    this.#taken++;
    return true;
  }

  /** Lets a command leave that was here for some time. */
  leave(milliseconds: number, now: number): void {
    // All commands here share the threads, so each takes its part of the time.
    const each = milliseconds / this.#taken;
    this.#taken--;
    this.#left++;
    this.#eachMs += (each - this.#eachMs) * Math.max(NEWEST_SHARE, 1 / this.#left);
    this.#progressAt = now;
  }

  /** Whether one more command would be done soon. */
  #isQuick(threads: number, now: number): boolean {
    return this.#taken < FIRST_COMMANDS * threads + 2 * this.#left &&
      this.#eachMs * (this.#taken + 1) <= WORK_MS && now - this.#progressAt <= STALL_MS;
  }
}
