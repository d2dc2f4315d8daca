/** A function of the server's, outside of the realm. It takes and returns text, numbers and the like. */
// deno-lint-ignore no-explicit-any -- whatever the function is for
export type HostFunction = (...args: any[]) => unknown;

/**
 * Returns what makes a function of the realm of one of the server's. No object of the server's may ever
 * be seen in the realm, for through its constructor all that the worker has could be reached: not the
 * function itself, and not what it throws, for which it leaves a failure instead. It runs inside the
 * realm, which gets its source text: it can refer to nothing outside itself.
 *
 * @param takeFailure Returns the name and the message, in two lines, of what the last call has to throw.
 */
export function makeShield(
  takeFailure: () => string,
): <Fn extends HostFunction>(hostFunction: Fn) => Fn {
  const { apply } = Reflect;
  const { indexOf, slice } = String.prototype;
  const errors: Record<string, ErrorConstructor> = {
    __proto__: null as never,
    Error,
    TypeError,
    RangeError,
    InternalError: (globalThis as unknown as { InternalError: ErrorConstructor }).InternalError,
  };
  return (hostFunction) => {
    const shielded: HostFunction = (...args) => {
      let result;
      let failure;
      try {
        result = apply(hostFunction, undefined, args);
        failure = takeFailure();
      } catch {
        // The server's functions throw only where the stack has come to its end.
        throw new RangeError("Maximum call stack size exceeded");
      }
      if (failure !== "") {
        const end = apply(indexOf, failure, ["\n"]);
        const name = apply(slice, failure, [0, end]);
        throw new (errors[name] ?? Error)(apply(slice, failure, [end + 1]));
      }
      return result;
    };
    return shielded as typeof hostFunction;
  };
}
