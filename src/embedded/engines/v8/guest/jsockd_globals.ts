/**
 * Returns the function `JSockD.sendMessage`. It runs inside the realm, which gets its source text: it
 * can refer to nothing outside itself.
 *
 * @param send Sends JSON and returns the answer, JSON again.
 */
export function makeSendMessage(send: (json: string) => string): (...args: unknown[]) => unknown {
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const InternalError = (globalThis as unknown as { InternalError: ErrorConstructor })
    .InternalError;

  // A method is no constructor, as in jsockd.
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
      // Without a JSON text, of undefined for example, the message is the word `undefined`.
      const answer = send(`${json}`);
      try {
        return parse(answer);
      } catch {
        throw new InternalError(
          "Error sending message via JSockD: Bad JSON in message response",
        );
      }
    },
  };
  // A bound function has no source text that could be seen.
  return Object.defineProperties(sendMessage.bind(undefined), {
    name: { value: "sendMessage" },
    length: { value: 1 },
  });
}

/**
 * Defines `console`. It runs inside the realm, which gets its source text: it can refer to nothing
 * outside itself.
 *
 * @param methods The names of its methods, separated by spaces.
 * @param show Shows a value that is not text; throws nothing.
 * @param log Takes the method that was called, and the JSON of what is written for each argument.
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

/** What the server does for text coders; see `TextCodingHost`. Bytes are written where they are wanted. */
export interface TextCodingFunctions {
  encodeInto(text: string, bytes: Uint8Array): number;
  newDecoder(label: string, fatal: boolean, ignoreBOM: boolean): object;
  encodingOf(decoder: object): string;
  decode(decoder: object, bytes: ArrayBuffer, stream: boolean): string;
}

/**
 * Returns the host of the text coders, whose buffers are the realm's own. It runs inside the realm,
 * which gets its source text: it can refer to nothing outside itself.
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
      // UTF-8 takes three bytes at most for each unit of UTF-16.
      const bytes = new Uint8Array(text.length * 3);
      return bytes.slice(0, encodeInto(text, bytes)).buffer;
    },
    newDecoder,
    encodingOf,
    decode: (decoder: object, bytes: ArrayBuffer, stream: boolean): string =>
      stringify(decode(decoder, bytes, stream)),
  };
}
