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

  /** What QuickJS throws when something goes wrong in the engine. */
  class InternalError extends Error {}
  Object.defineProperty(InternalError.prototype, "name", {
    value: "InternalError",
    writable: true,
    configurable: true,
  });
  Object.defineProperty(globalThis, "InternalError", {
    value: InternalError,
    writable: true,
    configurable: true,
  });
}

/**
 * Returns a function that throws what `import()` is refused with. It runs inside the realm, which gets
 * its source text: it can refer to nothing outside itself.
 */
export function makeImportRefusal(): () => never {
  const RefusalError = ReferenceError;
  return () => {
    throw new RefusalError("JSockD doesn't allow module imports other than 'os' and 'std'");
  };
}
