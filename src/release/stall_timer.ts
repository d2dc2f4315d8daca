/** Aborts its signal when nothing has been received for a given time. */
export class StallTimer implements Disposable {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts the timer. */
  constructor(timeoutUs: number) {
    this.#milliseconds = Math.ceil(timeoutUs / 1000);
    this.restart();
  }

  /** Aborts when the timer runs out. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the time again. To be called when something is received. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#controller.abort(new Error(`nothing was received for ${this.#milliseconds} ms`)),
      this.#milliseconds,
    );
  }

  /** Stops the timer. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
