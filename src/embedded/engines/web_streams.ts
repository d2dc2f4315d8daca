// The import puts the package where `import.meta.resolve` finds it; what it exports is not needed,
// because the polyfill is for the globals of QuickJS, not for those of Deno.
import "web-streams-polyfill/package.json" with { type: "json" };

/** The globals that the polyfill defines. */
export const WEB_STREAM_GLOBALS: readonly string[] = [
  "ReadableStream",
  "ReadableStreamDefaultController",
  "ReadableByteStreamController",
  "ReadableStreamBYOBRequest",
  "ReadableStreamDefaultReader",
  "ReadableStreamBYOBReader",
  "WritableStream",
  "WritableStreamDefaultController",
  "WritableStreamDefaultWriter",
  "ByteLengthQueuingStrategy",
  "CountQueuingStrategy",
  "TransformStream",
  "TransformStreamDefaultController",
];

/** Reads the source text of the Web Streams polyfill. */
export function readWebStreamsPolyfill(): string {
  return Deno.readTextFileSync(
    new URL(import.meta.resolve("npm:web-streams-polyfill@^4.3.0/polyfill")),
  );
}
