import { TextLineStream } from "@std/streams/text-line-stream";

/** Characters of a line that are kept together: a server may write without end and without newline. */
const MAX_LINE_LENGTH = 1 << 16;

/**
 * Splits a process's output into lines. Bytes that are not UTF-8 become U+FFFD, and a line that is
 * too long comes in pieces, so that no output fills the memory.
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
