const MINUTE_MS = 60_000;

/** Restarts that follow each other within this time are tries of one attempt to get going again. */
const ATTEMPT_MS = 2_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** Counts restarts over a sliding minute. */
export class RestartBudget {
  readonly #perMinute: number;
  readonly #now: () => number;
  #taken: number[] = [];

  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Restarts in the last minute. */
  get spent(): number {
    return this.#takenWithin(MINUTE_MS);
  }

  /** Takes one restart, if there is one left. */
  take(): boolean {
    if (this.spent >= this.#perMinute) return false;
    this.#taken.push(this.#now());
    return true;
  }

  /**
   * How long to wait before a restart: the longer the more tries there were, and never the same twice,
   * so that many clients do not restart in step.
   */
  get pauseMs(): number {
    const tries = this.#takenWithin(ATTEMPT_MS);
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
    return longest * (0.5 + Math.random() / 2);
  }

  #takenWithin(milliseconds: number): number {
    const now = this.#now();
    this.#taken = this.#taken.filter((time) => now - time < MINUTE_MS);
    return this.#taken.filter((time) => now - time < milliseconds).length;
  }
}
