/**
 * Makes V8's globals those of jsockd. It runs inside the realm, which gets its source text: it can refer
 * to nothing outside itself.
 *
 * @param names The globals that JavaScript is to have.
 */
export function installLanguage(names: string): void {
  const kept = names.split(" ");
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!kept.includes(name)) delete (globalThis as Record<string, unknown>)[name];
  }
  // Its promises would be settled by the event loop, which commands do not have.
  delete (Atomics as Partial<typeof Atomics>).waitAsync;

  // V8 puts an object of its own in between.
  Object.setPrototypeOf(globalThis, Object.prototype);
  Object.defineProperty(globalThis, Symbol.toStringTag, { value: "global", configurable: true });

  const BaseError = Error;
  const { construct, setPrototypeOf } = Reflect;
  function constructInternalError(message: unknown, options: unknown): object {
    return construct(BaseError, [message, options], new.target ?? constructInternalError);
  }
  setPrototypeOf(constructInternalError, BaseError);
  /** What QuickJS throws when something goes wrong in the engine. A bound function shows no source text. */
  const InternalError = constructInternalError.bind(undefined);
  const prototype = Object.create(BaseError.prototype, {
    constructor: { value: InternalError, writable: true, configurable: true },
    name: { value: "InternalError", writable: true, configurable: true },
    message: { value: "", writable: true, configurable: true },
  });
  constructInternalError.prototype = prototype;
  Object.defineProperties(InternalError, {
    length: { value: 1 },
    name: { value: "InternalError" },
    prototype: { value: prototype },
  });
  Object.defineProperty(globalThis, "InternalError", {
    value: InternalError,
    writable: true,
    configurable: true,
  });

  // In the order of jsockd, which JavaScript can see, but for three that stay where they are.
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const globals: Record<string, unknown> = globalThis;
  for (const name of kept) {
    const descriptor = getOwnPropertyDescriptor(globals, name)!;
    if (!descriptor.configurable) continue;
    delete globals[name];
    defineProperty(globals, name, descriptor);
  }
}

/**
 * Returns a function that throws what `import()` is refused with. It runs inside the realm, which gets
 * its source text: it can refer to nothing outside itself.
 */
export function makeImportRefusal(): () => never {
  const RefusalError = ReferenceError;
  return () => {
    const error = new RefusalError(
      "JSockD doesn't allow module imports other than 'os' and 'std'",
    );
    // Nobody's call refuses it, in jsockd.
    delete error.stack;
    throw error;
  };
}
