/**
 * Reduces the realm's globals to those of jsockd, and adds `InternalError`.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 *
 * @param names The names of the globals, separated by spaces.
 */
export function installLanguage(names: string): void {
  const kept = names.split(" ");
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!kept.includes(name)) delete (globalThis as Record<string, unknown>)[name];
  }
  // The event loop would settle its promises, and commands have no event loop.
  delete (Atomics as Partial<typeof Atomics>).waitAsync;

  // V8's global object has an extra prototype before Object.prototype.
  Object.setPrototypeOf(globalThis, Object.prototype);
  Object.defineProperty(globalThis, Symbol.toStringTag, { value: "global", configurable: true });

  const BaseError = Error;
  const { construct, setPrototypeOf } = Reflect;
  function constructInternalError(message: unknown, options: unknown): object {
    return construct(BaseError, [message, options], new.target ?? constructInternalError);
  }
  setPrototypeOf(constructInternalError, BaseError);
  // QuickJS throws it for errors of the engine. It is bound to hide its source text.
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

  // Defines the globals again in jsockd's order, because JavaScript can observe it. The three that
  // are not configurable stay in place.
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
 * Creates a function that throws the error of every `import()`.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 */
export function makeImportRefusal(): () => never {
  const RefusalError = ReferenceError;
  return () => {
    const error = new RefusalError(
      "JSockD doesn't allow module imports other than 'os' and 'std'",
    );
    // In jsockd, this error has no stack trace.
    delete error.stack;
    throw error;
  };
}
