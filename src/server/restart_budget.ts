const MINUTE_MS = 60_000;

/** Only the restarts within this time make the pause before the next one longer. */
const BACKOFF_WINDOW_MS = 2_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** Limits the restarts within any minute, and spaces them out. */
export class RestartBudget {
  /** The number of restarts that are allowed within a minute. */
  readonly perMinute: number;
  readonly #now: () => number;
  #taken: number[] = [];

  /** Creates a budget of `perMinute` restarts. */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.perMinute = perMinute;
    this.#now = now;
  }

  /** The number of restarts within the last minute. */
  get spent(): number {
    return this.#takenWithin(MINUTE_MS);
  }

  /** Spends one restart. Returns false if none is left. */
  take(): boolean {
    if (this.spent >= this.perMinute) return false;
    this.#taken.push(this.#now());
    return true;
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
