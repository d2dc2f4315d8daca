/** The latencies, from call to result, of the latest commands that had a result. */
export interface LatencySummary {
  /** The number of commands that were measured: the latest 1,024 at most. */
  readonly samples: number;
  /** The median, in microseconds; 0 without samples. */
  readonly p50Us: number;
  /** The 95th percentile, in microseconds; 0 without samples. */
  readonly p95Us: number;
  /** The 99th percentile, in microseconds; 0 without samples. */
  readonly p99Us: number;
}

const WINDOW = 1_024;

/** Collects the latest latencies, in constant memory. */
export class Latencies {
  readonly #window = new Float64Array(WINDOW);
  #count = 0;

  /** Adds a latency in milliseconds. */
  add(milliseconds: number): void {
    this.#window[this.#count++ % WINDOW] = milliseconds;
  }

  /** Returns the percentiles of the latencies in the window. */
  summary(): LatencySummary {
    const sorted = this.#window.slice(0, Math.min(this.#count, WINDOW)).sort();
    const percentileUs = (share: number) =>
      Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 1000);
    return {
      samples: sorted.length,
      p50Us: percentileUs(0.5),
      p95Us: percentileUs(0.95),
      p99Us: percentileUs(0.99),
    };
  }
}
