/** The deadline of an item. */
export class Deadline<Item> {
  /** What has the deadline; undefined for the head of a list. */
  readonly item: Item | undefined;
  /** When it expires, from `performance.now()`. */
  readonly time: number;
  // A ring: the head of a list is between the last deadline and the first.
  /** The deadline that expires before this one. */
  previous: Deadline<Item> = this;
  /** The deadline that expires after this one. */
  next: Deadline<Item> = this;

  /** Creates a deadline that is in no list. */
  constructor(item: Item | undefined, time: number) {
    this.item = item;
    this.time = time;
  }

  /** Adds this deadline before another one. */
  addBefore(other: Deadline<Item>): void {
    this.previous = other.previous;
    this.next = other;
    this.previous.next = this;
    other.previous = this;
  }

  /** Removes this deadline from its list, if it is in one. It never expires. */
  delete(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.previous = this.next = this;
  }
}

/**
 * Any number of deadlines on one timer. Timeouts of the same length expire in the order in which
 * they were set, so the next one to expire is the oldest of some length. Each length has a linked
 * list, because deadlines are set and deleted with every command.
 *
 * Deleting a deadline does not stop the timer. Most deadlines are deleted in time, and a timer that
 * finds nothing expired costs less than a timer for each. {@linkcode Deadlines.close} stops it.
 */
export class Deadlines<Item> {
  readonly #onMissed: (item: Item, milliseconds: number) => void;
  /** The heads of the lists, by the length of the timeout. */
  readonly #byLength = new Map<number, Deadline<Item>>();
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
  set(item: Item, milliseconds: number, start: number): Deadline<Item> {
    const deadline = new Deadline(item, start + milliseconds);
    let head = this.#byLength.get(milliseconds);
    if (head === undefined) {
      head = new Deadline<Item>(undefined, Infinity);
      this.#byLength.set(milliseconds, head);
    }
    deadline.addBefore(head);
    if (deadline.time < this.#timerTime) this.#setTimer(deadline.time);
    return deadline;
  }

  /** Stops the timer: no deadline expires any more. */
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
    for (const [milliseconds, head] of this.#byLength) {
      while (head.next.time <= now) {
        const { item } = head.next;
        head.next.delete();
        this.#onMissed(item!, milliseconds);
      }
      next = Math.min(next, head.next.time);
      if (head.next === head) this.#byLength.delete(milliseconds);
    }
    if (next < this.#timerTime) this.#setTimer(next);
  }
}
