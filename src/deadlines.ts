interface Deadline {
  readonly time: number;
  readonly onMissed: () => void;
}

/**
 * Any number of deadlines on one timer. Deadlines of one length fall due in the order in which they
 * were set, so the next one to fall due is the first of some length.
 *
 * The timer is not stopped when a deadline is met, as most are: it finds nothing then, which costs
 * less than a timer for each. {@linkcode Deadlines.close} stops it.
 */
export class Deadlines {
  readonly #byLength = new Map<number, Set<Deadline>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerTime = Infinity;

  /** Calls `onMissed` after so many milliseconds, unless the function given back is called before. */
  set(milliseconds: number, onMissed: () => void): () => void {
    const deadline = { time: performance.now() + milliseconds, onMissed };
    const sameLength = this.#byLength.get(milliseconds) ?? new Set();
    this.#byLength.set(milliseconds, sameLength.add(deadline));
    if (deadline.time < this.#timerTime) this.#setTimer(deadline.time);
    return () => sameLength.delete(deadline);
  }

  /** Forgets all deadlines. */
  close(): void {
    this.#byLength.clear();
    clearTimeout(this.#timer);
    this.#timerTime = Infinity;
  }

  #setTimer(time: number): void {
    clearTimeout(this.#timer);
    this.#timerTime = time;
    this.#timer = setTimeout(() => this.#fallDue(), time - performance.now());
  }

  #fallDue(): void {
    const now = performance.now();
    let next = Infinity;
    this.#timerTime = Infinity;
    for (const [milliseconds, sameLength] of this.#byLength) {
      for (const deadline of sameLength) {
        if (deadline.time > now) {
          next = Math.min(next, deadline.time);
          break;
        }
        sameLength.delete(deadline);
        deadline.onMissed();
      }
      if (sameLength.size === 0) this.#byLength.delete(milliseconds);
    }
    if (next < this.#timerTime) this.#setTimer(next);
  }
}
