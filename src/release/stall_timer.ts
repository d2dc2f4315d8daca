/** Aborts what it is the signal of if nothing comes for a time. */
export class StallTimer implements Disposable {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to wait for as many microseconds. */
  constructor(timeoutUs: number) {
    this.#milliseconds = Math.ceil(timeoutUs / 1000);
    this.restart();
  }

  /** Aborts when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins anew, since something came. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#controller.abort(new Error(`nothing came for ${this.#milliseconds} ms`)),
      this.#milliseconds,
    );
  }

  /** Waits no longer. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
