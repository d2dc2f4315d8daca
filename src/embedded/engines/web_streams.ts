// The import only makes the package available to `import.meta.resolve`. The polyfill itself must
// not run here: it is for the realm of the commands.
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

/** Returns the source text of the Web Streams polyfill. */
export function readWebStreamsPolyfill(): string {
  return Deno.readTextFileSync(
    new URL(import.meta.resolve("npm:web-streams-polyfill@^4.3.0/polyfill")),
  );
}
