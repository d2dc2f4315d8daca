import { delay } from "@std/async/delay";
import type { EventStream } from "./event_stream.ts";
import { residentMemory } from "./resident_memory.ts";
import type { PlaygroundServer } from "./playground_server.ts";

const INTERVAL_MS = 500;

/** After this many samples without a page, nobody watches any more. A reload takes less. */
const UNWATCHED_SAMPLES = 10;

/** Sends samples of all servers to the pages, as long as there is a page. */
export class Sampler implements AsyncDisposable {
  readonly #end = new AbortController();
  readonly #loop: Promise<void>;

  /**
   * Begins to send samples.
   *
   * @param onUnwatched Called when the last page has been closed.
   */
  constructor(
    servers: readonly PlaygroundServer[],
    events: EventStream,
    onUnwatched: () => Promise<void>,
  ) {
    this.#loop = this.#run(servers, events, onUnwatched);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#loop;
  }

  async #run(
    servers: readonly PlaygroundServer[],
    events: EventStream,
    onUnwatched: () => Promise<void>,
  ): Promise<void> {
    const { signal } = this.#end;
    let unwatched = 0;
    while (await elapses(INTERVAL_MS, signal)) {
      unwatched = events.pages === 0 ? unwatched + 1 : 0;
      if (unwatched === UNWATCHED_SAMPLES) await onUnwatched();
      if (unwatched > 0) continue;
      const memory = await residentMemory(servers.map(({ pid }) => pid));
      const samples = servers.map((server) => server.sample(memory.get(server.pid) ?? null));
      events.send("samples", { time: Date.now(), samples });
    }
  }
}

/** Resolves to true after a time, or to false when the signal aborts. */
async function elapses(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await delay(milliseconds, { signal }).catch(() => {});
  return !signal.aborted;
}
