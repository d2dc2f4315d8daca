/** The time between two ticks of a {@linkcode WorkClock}, in milliseconds. */
export const TICK_MS = 40;

/** A tick that is later than this shows that the program's event loop was blocked. */
const LATE_MS = 1.5 * TICK_MS;

/** A tick adds no more than this, because the answer may have come while the loop was blocked. */
const MOST_MS = 2 * TICK_MS;

/**
 * Measures for how long a thread of the server has worked on one thing, from regular ticks, so that
 * a command costs nothing.
 *
 * The time is an estimate that errs on the low side. Work counts from the first tick that finds it.
 * The wait for the answer to a message does not count. A tick that is late counts as at most two:
 * the program's event loop was blocked, or the machine was suspended.
 */
export class WorkClock {
  #work: object | undefined;
  #workedMs = 0;
  #tickedAt = 0;
  #pausedAt: number | undefined;
  /** For how long the clock was paused since the last tick. */
  #pausedMs = 0;

  /** Whether the clock is paused. */
  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** Stops the clock while the server waits for the client. */
  pause(now: number = performance.now()): void {
    this.#pausedAt ??= now;
  }

  /** Lets the clock go on. */
  resume(now: number = performance.now()): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedMs += now - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  /**
   * Counts the time since the last tick.
   *
   * @param work What the thread works on: an object with an identity, or undefined for nothing.
   * @param now The time, from `performance.now()`.
   * @param counts Whether the time since the last tick counts.
   * @returns For how long the thread had worked on it at the tick before this one, in milliseconds.
   * Whatever the server had sent by then has been read by now.
   */
  tick(work: object | undefined, now: number, counts = true): number {
    if (this.#pausedAt !== undefined) {
      this.#pausedMs += now - this.#pausedAt;
      this.#pausedAt = now;
    }
    const elapsedMs = now - this.#tickedAt;
    const pausedMs = this.#pausedMs;
    this.#tickedAt = now;
    this.#pausedMs = 0;
    if (work === undefined || work !== this.#work) {
      this.#work = work;
      this.#workedMs = 0;
      return 0;
    }
    const before = this.#workedMs;
    // If the loop was blocked between messages, nobody can tell work and waiting apart.
    if (counts && (pausedMs === 0 || elapsedMs <= LATE_MS)) {
      this.#workedMs += Math.max(0, Math.min(elapsedMs - pausedMs, MOST_MS));
    }
    return before;
  }
}
