/**
 * Defines `JSockD`, which is a constructor as in jsockd, though an object of it does nothing. It runs
 * inside QuickJS, which gets its source text: it can refer to nothing outside itself.
 *
 * @param sendMessage Sends a message; a native function.
 */
export function installJSockD(sendMessage: unknown): void {
  function construct(): void {
    if (!new.target) throw new TypeError("must be called with new");
  }
  // A bound function has no source text that could be seen.
  const JSockD = construct.bind(undefined);
  Object.defineProperties(JSockD, {
    length: { value: 2 },
    name: { value: "JSockD" },
    sendMessage: { value: sendMessage, writable: true, configurable: true },
    prototype: { value: construct.prototype },
  });
  Object.defineProperty(construct.prototype, "constructor", { value: JSockD });
  Object.defineProperty(globalThis, "JSockD", {
    value: JSockD,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
