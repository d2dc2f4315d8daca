/**
 * Defines globals that are made when the first of them is used. It runs inside QuickJS, which gets
 * its source text: it can refer to nothing outside itself.
 *
 * @param names The globals' names.
 * @param define Defines all of them for good; those that JavaScript has replaced stay replaced.
 */
export function installLazyGlobals(names: readonly string[], define: () => void): void {
  for (const name of names) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        const replaced = names
          .map((other) => [other, Object.getOwnPropertyDescriptor(globalThis, other)] as const)
          .filter(([, descriptor]) => descriptor !== undefined && "value" in descriptor);
        define();
        for (const [other, descriptor] of replaced) {
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
