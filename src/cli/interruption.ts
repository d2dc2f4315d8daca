/** The signals that interrupt the program, and the exit codes that shells expect for them. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The signals to listen for. On Windows, Deno supports only one of them. */
const SIGNALS = Deno.build.os === "windows"
  ? ["SIGINT"] as const
  : Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[];

/**
 * Aborts a signal when the program is interrupted, so that it can clean up instead of ending at
 * once. Listens until it is disposed.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = SIGNALS.map((name) => ({ name, listener: () => this.#interrupt(name) }));
  #exitCode: number | undefined;

  /** Starts to listen. */
  constructor() {
    for (const { name, listener } of this.#listeners) Deno.addSignalListener(name, listener);
  }

  /** Aborts when the program is first interrupted. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code of the interrupted program; undefined if it has not been interrupted. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    for (const { name, listener } of this.#listeners) Deno.removeSignalListener(name, listener);
  }

  #interrupt(name: keyof typeof EXIT_CODES): void {
    this.#exitCode ??= EXIT_CODES[name];
    this.#controller.abort();
  }
}
