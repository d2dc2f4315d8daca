import { TextLineStream } from "@std/streams/text-line-stream";

/** The largest number of characters in a line. A server may write on and on without a newline. */
const MAX_LINE_LENGTH = 1 << 16;

/**
 * Returns the lines of a process's output. Invalid UTF-8 becomes U+FFFD. A line that is too long is
 * split, so that no output can fill the memory.
 */
export function toLines(output: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<string> {
  return output
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TransformStream(new LongLineBreaker()))
    .pipeThrough(new TextLineStream());
}

class LongLineBreaker implements Transformer<string, string> {
  #length = 0;

  transform(chunk: string, controller: TransformStreamDefaultController<string>): void {
    const newline = chunk.lastIndexOf("\n");
    this.#length = newline < 0 ? this.#length + chunk.length : chunk.length - newline - 1;
    const tooLong = this.#length > MAX_LINE_LENGTH;
    if (tooLong) this.#length = 0;
    controller.enqueue(tooLong ? chunk + "\n" : chunk);
  }
}
