/**
 * Creates the function `JSockD.sendMessage`.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 *
 * @param send Sends a message and returns the response. Both are JSON.
 */
export function makeSendMessage(send: (json: string) => string): (...args: unknown[]) => unknown {
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const InternalError = (globalThis as unknown as { InternalError: ErrorConstructor })
    .InternalError;

  // jsockd's function is not a constructor, and neither is a method.
  const { sendMessage } = {
    sendMessage(...args: unknown[]): unknown {
      if (args.length === 0 || args.length > 3) {
        throw new InternalError(
          "JSockD.sendMessage requires 1-3 arguments (the message to send, and, optionally, " +
            "'replacer' and 'space' arguments to pass to JSON.stringify)",
        );
      }
      let json;
      try {
        json = apply(stringify, undefined, args);
      } catch {
        throw new TypeError("JSockD.sendMessage argument must be JSON serializable");
      }
      // JSON.stringify() returns undefined for some values. jsockd then sends the word `undefined`.
      const response = send(`${json}`);
      try {
        return parse(response);
      } catch {
        throw new InternalError(
          "Error sending message via JSockD: Bad JSON in message response",
        );
      }
    },
  };
  // Function.prototype.toString() does not show the source text of a bound function.
  return Object.defineProperties(sendMessage.bind(undefined), {
    name: { value: "sendMessage" },
    length: { value: 1 },
  });
}

/**
 * Defines `console`.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 *
 * @param methods The names of its methods, separated by spaces.
 * @param show Formats a value that is not a string. Never throws.
 * @param log Logs a call. Gets the name of the method, and the JSON of an array of the arguments: each
 * string in an array of its own, and any other value as its formatted text.
 */
export function installConsole(
  methods: string,
  show: (value: unknown) => string,
  log: (method: string, shownJson: string) => void,
): void {
  const { stringify } = JSON;
  const console: Record<string, unknown> = {};
  for (const name of methods.split(" ")) {
    const method = (...values: unknown[]) => {
      const shown: unknown[] = [];
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        shown[i] = typeof value === "string" ? [value] : show(value);
      }
      log(name, stringify(shown));
    };
    console[name] = Object.defineProperties(method.bind(undefined), {
      name: { value: name },
      length: { value: 1 },
    });
  }
  Object.defineProperty(globalThis, "console", {
    value: console,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/**
 * The host functions that text coders need. Unlike `TextCodingHost`, they create no buffers: the encoder
 * writes into an array of the realm.
 */
export interface TextCodingFunctions {
  encodeInto(text: string, bytes: Uint8Array): number;
  newDecoder(label: string, fatal: boolean, ignoreBOM: boolean): object;
  encodingOf(decoder: object): string;
  decode(decoder: object, bytes: ArrayBuffer, stream: boolean): string;
}

/**
 * Creates the host of the text coders. All its buffers are objects of the realm.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 */
export function makeTextCodingHost(
  encodeInto: TextCodingFunctions["encodeInto"],
  newDecoder: TextCodingFunctions["newDecoder"],
  encodingOf: TextCodingFunctions["encodingOf"],
  decode: TextCodingFunctions["decode"],
) {
  const { parse, stringify } = JSON;
  return {
    encode(json: string): ArrayBuffer {
      const text: string = parse(json);
      // A UTF-16 code unit takes at most three bytes in UTF-8.
      const bytes = new Uint8Array(text.length * 3);
      return bytes.slice(0, encodeInto(text, bytes)).buffer;
    },
    newDecoder,
    encodingOf,
    decode: (decoder: object, bytes: ArrayBuffer, stream: boolean): string =>
      stringify(decode(decoder, bytes, stream)),
  };
}
