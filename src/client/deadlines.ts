/**
 * Any number of deadlines on one timer. Timeouts of the same length expire in the order in which
 * they were set, so the next one to expire is the oldest of some length.
 *
 * Deleting a deadline does not stop the timer. Most deadlines are deleted in time, and a timer that
 * finds nothing expired costs less than a timer for each. {@linkcode Deadlines.close} stops it.
 */
export class Deadlines<Item> {
  readonly #onMissed: (item: Item, milliseconds: number) => void;
  /** The time of each item's deadline, by the length of the timeout. */
  readonly #byLength = new Map<number, Map<Item, number>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerTime = Infinity;

  /**
   * Creates deadlines; `onMissed` is called with each item that misses its own, and the timeout.
   */
  constructor(onMissed: (item: Item, milliseconds: number) => void) {
    this.#onMissed = onMissed;
  }

  /**
   * Sets the deadline of an item to `milliseconds` after `start`, a time from `performance.now()`.
   */
  set(item: Item, milliseconds: number, start: number): void {
    const time = start + milliseconds;
    const sameLength = this.#byLength.get(milliseconds) ?? new Map();
    this.#byLength.set(milliseconds, sameLength.set(item, time));
    if (time < this.#timerTime) this.#setTimer(time);
  }

  /** Deletes the deadline of an item. */
  delete(item: Item, milliseconds: number): void {
    this.#byLength.get(milliseconds)?.delete(item);
  }

  /** Deletes all deadlines and stops the timer. */
  close(): void {
    this.#byLength.clear();
    clearTimeout(this.#timer);
    this.#timerTime = Infinity;
  }

  #setTimer(time: number): void {
    clearTimeout(this.#timer);
    this.#timerTime = time;
    const milliseconds = Math.max(0, time - performance.now());
    this.#timer = setTimeout(() => this.#expire(), milliseconds);
  }

  #expire(): void {
    const now = performance.now();
    let next = Infinity;
    // `onMissed` may set deadlines, and with them the timer.
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
