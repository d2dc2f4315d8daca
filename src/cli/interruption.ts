/** The signals that ask a program to end, and the exit statuses by which shells know them. */
const STATUSES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Windows knows but one of them. */
const SIGNALS = Deno.build.os === "windows"
  ? ["SIGINT"] as const
  : Object.keys(STATUSES) as (keyof typeof STATUSES)[];

/**
 * Turns the signals that would end the program at once into an abort signal, so that it can put away
 * what it has opened. It listens until it is disposed.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = SIGNALS.map((name) => ({ name, listener: () => this.#interrupt(name) }));
  #status: number | undefined;

  /** Begins to listen. */
  constructor() {
    for (const { name, listener } of this.#listeners) Deno.addSignalListener(name, listener);
  }

  /** Aborts at the first of the signals. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the program must exit with; undefined as long as nobody has asked it to end. */
  get status(): number | undefined {
    return this.#status;
  }

  [Symbol.dispose](): void {
    for (const { name, listener } of this.#listeners) Deno.removeSignalListener(name, listener);
  }

  #interrupt(name: keyof typeof STATUSES): void {
    this.#status ??= STATUSES[name];
    this.#controller.abort();
  }
}
