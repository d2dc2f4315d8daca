/**
 * Any number of deadlines on one timer. Deadlines of one length fall due in the order in which they
 * were set, so the next one to fall due is the first of some length.
 *
 * The timer is not stopped when a deadline is met, as most are: it finds nothing then, which costs
 * less than a timer for each. {@linkcode Deadlines.close} stops it.
 */
export class Deadlines<Item> {
  readonly #onMissed: (item: Item, milliseconds: number) => void;
  /** For each length the items that have a deadline, and when it is. */
  readonly #byLength = new Map<number, Map<Item, number>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerTime = Infinity;

  /** Calls `onMissed` with each item that misses its deadline, and the deadline's length. */
  constructor(onMissed: (item: Item, milliseconds: number) => void) {
    this.#onMissed = onMissed;
  }

  /** Gives an item so many milliseconds, from a `performance.now()` on. */
  set(item: Item, milliseconds: number, start: number): void {
    const time = start + milliseconds;
    const sameLength = this.#byLength.get(milliseconds) ?? new Map();
    this.#byLength.set(milliseconds, sameLength.set(item, time));
    if (time < this.#timerTime) this.#setTimer(time);
  }

  /** Forgets an item that has met its deadline. */
  delete(item: Item, milliseconds: number): void {
    this.#byLength.get(milliseconds)?.delete(item);
  }

  /** Forgets all items. */
  close(): void {
    this.#byLength.clear();
    clearTimeout(this.#timer);
    this.#timerTime = Infinity;
  }

  #setTimer(time: number): void {
    clearTimeout(this.#timer);
    this.#timerTime = time;
    const milliseconds = Math.max(0, time - performance.now());
    this.#timer = setTimeout(() => this.#fallDue(), milliseconds);
  }

  #fallDue(): void {
    const now = performance.now();
    let next = Infinity;
    this.#timerTime = Infinity;
    for (const [milliseconds, sameLength] of this.#byLength) {
      for (const [item, time] of sameLength) {
        if (time > now) {
          next = Math.min(next, time);
          break;
        }
        sameLength.delete(item);
        this.#onMissed(item, milliseconds);
      }
      if (sameLength.size === 0) this.#byLength.delete(milliseconds);
    }
    if (next < this.#timerTime) this.#setTimer(next);
  }
}
