/** The host functions of the text coders. Text is passed as JSON. */
export interface TextCodingHost {
  /** Encodes a text as UTF-8. */
  encode(json: string): ArrayBuffer;
  /** Creates a decoder. Throws like the constructor of `TextDecoder`. */
  newDecoder(label: string, fatal: boolean, ignoreBOM: boolean): object;
  /** Returns the name of a decoder's encoding. */
  encodingOf(decoder: object): string;
  /** Decodes bytes to text. */
  decode(decoder: object, bytes: ArrayBuffer, stream: boolean): string;
}

/**
 * Defines `TextEncoder` and `TextDecoder`.
 *
 * Guest code: its source text is evaluated inside the engine, so it must not refer to anything outside
 * itself.
 */
export function installTextCoding(host: TextCodingHost): void {
  const { parse, stringify } = JSON;

  class TextEncoder {
    get encoding(): string {
      return "utf-8";
    }

    encode(text: string = ""): Uint8Array {
      return new Uint8Array(host.encode(stringify(`${text}`)));
    }

    encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
      if (!(target instanceof Uint8Array)) {
        throw new TypeError("The output argument must be a Uint8Array");
      }
      let read = 0;
      let written = 0;
      for (const character of `${text}`) {
        const bytes = this.encode(character);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        written += bytes.length;
        read += character.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    readonly #decoder: object;
    readonly #fatal: boolean;
    readonly #ignoreBOM: boolean;

    constructor(label: string = "utf-8", options: TextDecoderOptions = {}) {
      this.#fatal = Boolean(options.fatal);
      this.#ignoreBOM = Boolean(options.ignoreBOM);
      this.#decoder = onHost(() => host.newDecoder(`${label}`, this.#fatal, this.#ignoreBOM));
    }

    get encoding(): string {
      return host.encodingOf(this.#decoder);
    }

    get fatal(): boolean {
      return this.#fatal;
    }

    get ignoreBOM(): boolean {
      return this.#ignoreBOM;
    }

    decode(input: AllowSharedBufferSource = new ArrayBuffer(0), options?: TextDecodeOptions) {
      if (!ArrayBuffer.isView(input) && !isBuffer(input)) {
        throw new TypeError("ArrayBuffer object expected");
      }
      const view = ArrayBuffer.isView(input)
        ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
        : new Uint8Array(input);
      // The host decodes a whole buffer, so it must hold only the bytes of the view.
      const { buffer } = view.slice();
      return parse(onHost(() => host.decode(this.#decoder, buffer, Boolean(options?.stream))));
    }
  }

  function isBuffer(value: unknown): boolean {
    return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
  }

  /** Calls a host function. Its errors have the right name but not the class, so new ones are thrown. */
  function onHost<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      const { name, message } = error as Error;
      if (name === "TypeError") throw new TypeError(message);
      if (name === "RangeError") throw new RangeError(message);
      throw error;
    }
  }

  for (const [coder, length] of [[TextDecoder, 2], [TextEncoder, 0]] as const) {
    const { name, prototype } = coder;
    Object.defineProperty(coder, "length", { value: length });
    Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
    // jsockd's properties are enumerable.
    Object.defineProperty(globalThis, name, {
      value: coder,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
}
