/**
 * Defines globals whose values are created when one of them is first used. A global that a command has
 * replaced keeps its replacement.
 *
 * Guest code: its source text is evaluated inside the engine, so it must not refer to anything outside
 * itself.
 *
 * @param names The names of the globals.
 * @param define Creates the values of all of them.
 */
export function installLazyGlobals(names: readonly string[], define: () => void): void {
  for (const name of names) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        const replacements = names
          .map((other) => [other, Object.getOwnPropertyDescriptor(globalThis, other)] as const)
          .filter(([, descriptor]) => descriptor !== undefined && "value" in descriptor);
        define();
        for (const [other, descriptor] of replacements) {
          Object.defineProperty(globalThis, other, descriptor!);
        }
        return Reflect.get(globalThis, name);
      },
      set(value) {
        Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
      },
    });
  }
}
