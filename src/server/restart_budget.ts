const MINUTE_MS = 60_000;

/** Only the restarts within this time make the pause before the next one longer. */
const BACKOFF_WINDOW_MS = 2_000;

/** The pauses once all restarts of a minute are used up. Each is twice as long as the one before. */
const FIRST_SUSPENSION_MS = 10_000;
const LONGEST_SUSPENSION_MS = 300_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** Limits the restarts within any minute, and spaces them out. */
export class RestartBudget {
  /** The number of restarts that are allowed within a minute. */
  readonly perMinute: number;
  readonly #now: () => number;
  #taken: number[] = [];
  /** The suspensions in a row, with less than a minute between them. */
  #suspensions = 0;
  #suspendedUntil = -Infinity;

  /** Creates a budget of `perMinute` restarts. */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.perMinute = perMinute;
    this.#now = now;
  }

  /** The number of restarts within the last minute. */
  get spent(): number {
    return this.#takenWithin(MINUTE_MS);
  }

  /** Spends one restart. Returns false if none is left, or all are suspended. */
  take(): boolean {
    if (this.spent >= this.perMinute || this.suspendedMs > 0) return false;
    // The last server has lived for a while.
    if (this.#now() - this.#suspendedUntil > MINUTE_MS) this.#suspensions = 0;
    this.#taken.push(this.#now());
    return true;
  }

  /** For how long there will be no restart, in milliseconds. */
  get suspendedMs(): number {
    return Math.max(0, this.#suspendedUntil - this.#now());
  }

  /** Suspends all restarts, until there is one left and a growing pause is over. */
  suspend(): void {
    const now = this.#now();
    const pause = Math.min(FIRST_SUSPENSION_MS * 2 ** this.#suspensions++, LONGEST_SUSPENSION_MS);
    const free = this.#taken.at(-this.perMinute) ?? now;
    this.#suspendedUntil = Math.max(free + MINUTE_MS, now + pause);
  }

  /**
   * How long to pause before a restart. The pause grows exponentially with recent restarts, and is
   * randomised so that many clients do not restart in step.
   */
  get pauseMs(): number {
    const tries = this.#takenWithin(BACKOFF_WINDOW_MS);
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
    return longest * (0.5 + Math.random() / 2);
  }

  #takenWithin(milliseconds: number): number {
    const now = this.#now();
    this.#taken = this.#taken.filter((time) => now - time < MINUTE_MS);
    return this.#taken.filter((time) => now - time < milliseconds).length;
  }
}
