import { TextLineStream } from "@std/streams/text-line-stream";
import type { Outcome, PageEvents, RunRequest } from "../../src/playground/wire.ts";
import { within } from "../support/within.ts";

/** An event of the page's stream. */
type PageEvent = {
  [Name in keyof PageEvents]: { readonly name: Name; readonly data: PageEvents[Name] };
}[keyof PageEvents];

/** What the page does, without a browser. */
export class Page {
  readonly #url: URL;

  /** Creates a page at the address of a playground. */
  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Sends JSON. Other headers replace those of the page. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(new URL(path, this.#url), {
      method: "POST",
      headers: { origin: this.#url.origin, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Runs a program. */
  async run(request: RunRequest): Promise<Outcome> {
    return await (await within(this.post("run", request), "the outcome")).json();
  }

  /** Waits for the first event that a function accepts, after something was done. */
  async event<Found>(
    find: (event: PageEvent) => Found | undefined,
    act: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Found> {
    const { body } = await fetch(new URL("events", this.#url));
    const lines = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    const search = async () => {
      let name = "";
      for await (const line of lines) {
        if (line.startsWith("event: ")) name = line.slice("event: ".length);
        if (!line.startsWith("data: ")) continue;
        const data = JSON.parse(line.slice("data: ".length));
        const found = find({ name, data } as PageEvent);
        if (found !== undefined) return found;
      }
      throw new Error("The stream of events ended");
    };
    const found = search();
    try {
      await act();
    } finally {
      await within(found, "an event", 60_000);
    }
    return await found;
  }
}
