/** A function of the server, from outside the realm. It returns a primitive, or a token for an object. */
// deno-lint-ignore no-explicit-any -- each function has its own parameters
export type HostFunction = (...args: any[]) => unknown;

/**
 * Creates the shield, a function that wraps a host function in a function of the realm.
 *
 * The realm must never get an object of the host. Through its constructor, a command could reach
 * everything that the worker has. This holds for the host function and for the errors that it throws. A
 * host function therefore stores its failure, and the wrapper throws a new error of the realm.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 *
 * @param takeFailure Returns and clears the failure of the last call: the error's name and message, in
 * two lines. Returns an empty string if the call succeeded.
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
        // Host functions catch their own errors, so this can only be a stack overflow.
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
