/**
 * Defines `JSockD`. As in jsockd it is a constructor, although its instances have no use.
 *
 * Guest code: its source text is evaluated inside the engine, so it must not refer to anything outside
 * itself.
 *
 * @param sendMessage The function `JSockD.sendMessage`.
 */
export function installJSockD(sendMessage: unknown): void {
  function construct(): void {
    if (!new.target) throw new TypeError("must be called with new");
  }
  // Function.prototype.toString() does not show the source text of a bound function.
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
