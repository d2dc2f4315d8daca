/** The status of a command. */
export const STATUS = {
  /** The command waits for a promise. */
  pending: 0,
  /** The command succeeded; the text is the JSON of the result. */
  ok: 1,
  /** The parameter is not JSON; the text shows the error. */
  badParameter: 2,
  /** The command threw; the text shows the exception. */
  thrown: 3,
  /** The result has no JSON, as `undefined` has none. */
  nothing: 4,
  /** `JSON.stringify()` threw for the result; the text shows the error. */
  notJson: 5,
  /** The query waits for a promise. */
  pendingQuery: 6,
  /** The query's promise was rejected; the text shows the reason. */
  badQuery: 7,
} as const;

/** Runs commands in a realm, one at a time. */
export interface GuestCommands {
  /** Runs a command and returns its status. */
  run(callee: unknown, module: unknown, paramJson: string): number;
  /** Runs a command whose query is a promise of a function, and returns its status. */
  runAwaited(callee: unknown, module: unknown, paramJson: string): number;
  /** Returns the status of the last command, which microtasks may have changed since. */
  status(): number;
  /** Returns the text that belongs to the status. */
  text(): string;
  /** Formats a value as QuickJS does. It can call traps of a proxy, which may not return. */
  show(value: unknown): string;
}

/**
 * Creates the functions that run commands. They use the built-in functions of the moment of creation,
 * so commands that change the globals do not affect them.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 *
 * @param show Formats a value. Never throws.
 * @param isPromise Returns whether a value is a promise, whatever its prototype.
 * @param statusJson The JSON of {@linkcode STATUS}.
 */
export function makeCommands(
  show: (value: unknown) => string,
  isPromise: (value: unknown) => boolean,
  statusJson: string,
): GuestCommands {
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { then } = Promise.prototype;
  const STATUS: Record<string, number> = parse(statusJson);
  const { pending, ok, badParameter, thrown, nothing, notJson, pendingQuery, badQuery } =
    STATUS as Record<string, number>;
  let status = pending!;
  let text = "";
  /** The number of the current command. Promises of earlier commands may still settle. */
  let current = 0;

  return {
    run(callee, module, paramJson) {
      current++;
      return status = run(callee, module, paramJson);
    },

    runAwaited(promise, module, paramJson) {
      const command = ++current;
      awaitPromise(promise, command, (callee) => run(callee, module, paramJson), badQuery!);
      return status = pendingQuery!;
    },

    status: () => status,
    text: () => text,
    show,
  };

  function run(callee: unknown, module: unknown, paramJson: string): number {
    let param;
    try {
      param = parse(paramJson);
    } catch (error) {
      return end(badParameter!, show(error));
    }
    try {
      if (typeof callee !== "function") return end(thrown!, "TypeError: not a function");
      const value = apply(callee, null, [module, param]);
      return isPromise(value) ? awaitPromise(value, current, serialize, thrown!) : serialize(value);
    } catch (error) {
      return end(thrown!, show(error));
    }
  }

  /**
   * Calls `next` with the value of a promise, unless another command has started by then.
   *
   * @param rejected The status if the promise is rejected.
   */
  function awaitPromise(
    promise: unknown,
    command: number,
    next: (value: unknown) => number,
    rejected: number,
  ): number {
    apply(then, promise, [
      (value: unknown) => {
        if (command === current) status = next(value);
      },
      (error: unknown) => {
        if (command === current) status = end(rejected, show(error));
      },
    ]);
    return pending!;
  }

  function serialize(value: unknown): number {
    let json;
    try {
      json = stringify(value);
    } catch (error) {
      return end(notJson!, show(error));
    }
    return json === undefined ? end(nothing!, "") : end(ok!, json);
  }

  function end(newStatus: number, newText: string): number {
    text = newText;
    return newStatus;
  }
}
