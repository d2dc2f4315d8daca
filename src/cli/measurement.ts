import { createHistogram } from "node:perf_hooks";

/** What a server did in some time. */
export interface Rate {
  /** Commands that had a result. */
  readonly commands: number;
  /** Seconds that they took together. */
  readonly seconds: number;
  /** Commands a second. */
  readonly perSecond: number;
  /** How long each took from call to result, in microseconds. */
  readonly latencyUs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** Callers that each call again as soon as their last call had its result. */
export class Measurement {
  readonly #latencies = createHistogram();
  readonly #start = performance.now();

  /** What was reached so far. */
  get rate(): Rate {
    const seconds = (performance.now() - this.#start) / 1000;
    const commands = this.#latencies.count;
    const percentileUs = (share: number) =>
      commands === 0 ? 0 : Math.round(this.#latencies.percentile(share) / 1000);
    return {
      commands,
      seconds,
      perSecond: commands / seconds,
      latencyUs: { p50: percentileUs(50), p95: percentileUs(95), p99: percentileUs(99) },
    };
  }

  /** Lets the callers call until the time is up; the first call that fails rejects. */
  async run(callers: number, seconds: number, call: () => Promise<unknown>): Promise<Rate> {
    const end = this.#start + seconds * 1000;
    await Promise.all(Array.from({ length: callers }, async () => {
      for (let now = this.#start; now < end;) {
        await call();
        const answered = performance.now();
        // The histogram takes whole numbers from 1: nanoseconds.
        this.#latencies.record(Math.max(1, Math.round((answered - now) * 1e6)));
        now = answered;
      }
    }));
    return this.rate;
  }
}
