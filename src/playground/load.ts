import { delay } from "@std/async/delay";
import type { JSockDClient } from "../../mod.ts";

/** What each caller runs: a page of 20 items. */
const QUERY = "(playground, items) => playground.renderSample(items)";
const ITEMS = 20;

/** The pause after a command that failed, so that a server that is gone is not asked in a loop. */
const PAUSE_MS = 50;

/** Callers on one server, each of which renders one page after the other. Disposing ends them. */
export class Load implements AsyncDisposable {
  readonly #end = new AbortController();
  readonly #callers: Promise<void>[];

  /** Starts the callers. */
  constructor(client: JSockDClient, callers: number) {
    this.#callers = Array.from({ length: callers }, () => this.#call(client));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#callers);
  }

  async #call(client: JSockDClient): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        await client.run(QUERY, ITEMS);
      } catch {
        // The client counts what fails.
        await delay(PAUSE_MS, { signal }).catch(() => {});
      }
    }
  }
}
