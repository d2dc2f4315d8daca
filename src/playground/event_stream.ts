import type { PageEvents } from "./wire.ts";

/** Events that a page which does not read may be behind by; then it is cut off, and reconnects. */
const MAX_BEHIND = 1000;

/** Server-sent events, for all open pages. */
export class EventStream implements Disposable {
  readonly #pages = new Set<ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>>();

  /** The number of open pages. */
  get pages(): number {
    return this.#pages.size;
  }

  /** Returns the response that streams events to a page, after a first one. */
  open<Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]): Response {
    let page: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        page = controller;
        this.#pages.add(page);
        page.enqueue(encode(name, data));
      },
      cancel: () => void this.#pages.delete(page),
    }, { highWaterMark: MAX_BEHIND });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  /** Sends an event to all pages. */
  send<Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]): void {
    const bytes = encode(name, data);
    for (const page of this.#pages) {
      if (page.desiredSize! > 0) page.enqueue(bytes);
      else this.#close(page);
    }
  }

  /** Ends all streams. */
  [Symbol.dispose](): void {
    for (const page of this.#pages) this.#close(page);
  }

  #close(page: ReadableStreamDefaultController): void {
    this.#pages.delete(page);
    page.close();
  }
}

function encode(name: string, data: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
