/** The islands of one page, which JSockD renders while Fresh renders the rest. */
export class Page {
  readonly #nonce = crypto.randomUUID();
  readonly #islands: Promise<string | undefined>[] = [];

  get isEmpty(): boolean {
    return this.#islands.length === 0;
  }

  /** Adds an island. Its HTML is undefined if it could not be rendered. */
  add(html: Promise<string | undefined>): string {
    return `jsockd:${this.#nonce}:${this.#islands.push(html) - 1}`;
  }

  /** Puts the islands into a page. An island that failed keeps its fallback, which is static. */
  async fill(page: string): Promise<string> {
    const islands = await Promise.all(this.#islands);
    const id = `jsockd:${this.#nonce}:(\\d+)`;
    const place = new RegExp(
      `(<!--frsh:island:[^>]*-->)?<!--${id}-->(.*?)<!--/jsockd:${this.#nonce}:\\2-->(<!--/frsh:island-->)?`,
      "gs",
    );
    return page.replace(place, (_, open = "", index, fallback, close = "") => {
      const html = islands[Number(index)];
      if (html !== undefined) return open + html + close;
      // Without Fresh's markers the browser does not run a component that may never end.
      return open && close ? fallback : open + fallback + close;
    });
  }
}
