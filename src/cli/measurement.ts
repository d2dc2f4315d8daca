import { createHistogram } from "node:perf_hooks";

/** Throughput and latency of a server. */
export interface Rate {
  /** Number of completed commands. */
  readonly commands: number;
  /** Duration of the measurement, in seconds. */
  readonly seconds: number;
  /** Completed commands per second. */
  readonly perSecond: number;
  /** Time from call to result, in microseconds: median, 95th and 99th percentile. */
  readonly latencyUs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** Measures a server with concurrent callers, each of which makes one call after the other. */
export class Measurement {
  readonly #latencies = createHistogram();
  readonly #start = performance.now();

  /** The results so far. */
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

  /** Runs the callers until the time is up. Rejects as soon as a call fails. */
  async run(callers: number, seconds: number, call: () => Promise<unknown>): Promise<Rate> {
    const end = this.#start + seconds * 1000;
    await Promise.all(Array.from({ length: callers }, async () => {
      for (let called = this.#start; called < end;) {
        await call();
        const completed = performance.now();
        // In nanoseconds, because the histogram takes only whole numbers from 1.
        this.#latencies.record(Math.max(1, Math.round((completed - called) * 1e6)));
        called = completed;
      }
    }));
    return this.rate;
  }
}
