/** How a command has come out so far. */
export const STATUS = {
  /** It waits for a promise. */
  pending: 0,
  /** The text is JSON. */
  ok: 1,
  /** The parameter is no JSON; the text says why. */
  badParameter: 2,
  /** It threw; the text shows what. */
  thrown: 3,
  /** The result is nothing in JSON. */
  nothing: 4,
  /** The result is nothing that JSON could hold; the text says why. */
  notJson: 5,
  /** The query waits for a promise. */
  pendingQuery: 6,
  /** The query's promise was rejected; the text shows with what. */
  badQuery: 7,
} as const;

/** What runs commands in a realm. */
export interface GuestCommands {
  /** Runs a command; its status. */
  run(callee: unknown, module: unknown, paramJson: string): number;
  /** Runs a command whose function is what a promise resolves to; its status. */
  runAwaited(callee: unknown, module: unknown, paramJson: string): number;
  /** The status of the command that ran last: it may have been settled meanwhile. */
  status(): number;
  /** The text that the status speaks of. */
  text(): string;
  /** Shows a value as QuickJS does. It is JavaScript, and may take its time. */
  show(value: unknown): string;
}

/**
 * Returns what runs commands, with the language as it was before any other JavaScript could change it.
 * It runs inside the realm, which gets its source text: it can refer to nothing outside itself.
 *
 * @param show Shows what was thrown; throws nothing itself.
 * @param isPromise Whether a value is a promise, whatever it says of itself.
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
  /** Which command is the present one: what others have left behind may still be settled. */
  let current = 0;

  return {
    run(callee, module, paramJson) {
      current++;
      return status = run(callee, module, paramJson);
    },

    runAwaited(promise, module, paramJson) {
      const command = ++current;
      wait(promise, command, (callee) => run(callee, module, paramJson), badQuery!);
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
      return ended(badParameter!, show(error));
    }
    try {
      if (typeof callee !== "function") return ended(thrown!, "TypeError: not a function");
      const value = apply(callee, null, [module, param]);
      return isPromise(value) ? wait(value, current, finish, thrown!) : finish(value);
    } catch (error) {
      return ended(thrown!, show(error));
    }
  }

  /**
   * Goes on with what a promise resolves to, if the command is still the present one then.
   *
   * @param rejected The status if it is rejected.
   */
  function wait(
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
        if (command === current) status = ended(rejected, show(error));
      },
    ]);
    return pending!;
  }

  function finish(value: unknown): number {
    let json;
    try {
      json = stringify(value);
    } catch (error) {
      return ended(notJson!, show(error));
    }
    return json === undefined ? ended(nothing!, "") : ended(ok!, json);
  }

  function ended(newStatus: number, newText: string): number {
    text = newText;
    return newStatus;
  }
}
