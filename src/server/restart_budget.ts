const MINUTE_MS = 60_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 5_000;

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
    const minuteAgo = this.#now() - MINUTE_MS;
    this.#taken = this.#taken.filter((time) => time > minuteAgo);
    return this.#taken.length;
  }

  /** Takes one restart, if there is one left. */
  take(): boolean {
    if (this.spent >= this.#perMinute) return false;
    this.#taken.push(this.#now());
    return true;
  }

  /**
   * How long to wait before a restart: the longer the more there were, and never the same twice, so
   * that many clients do not restart in step.
   */
  get pauseMs(): number {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.spent, LONGEST_PAUSE_MS);
    return longest * (0.5 + Math.random() / 2);
  }
}
