/** How long commands took from call to result, over the last {@linkcode LatencySummary.samples}. */
export interface LatencySummary {
  /** Commands that were measured: the last 1,024 that had a result, at most. */
  readonly samples: number;
  /** Half of them took no longer, in microseconds; 0 without samples. */
  readonly p50Us: number;
  /** 95 % of them took no longer, in microseconds; 0 without samples. */
  readonly p95Us: number;
  /** 99 % of them took no longer, in microseconds; 0 without samples. */
  readonly p99Us: number;
}

const WINDOW = 1_024;

/** The latest latencies, in constant memory. */
export class Latencies {
  readonly #window = new Float64Array(WINDOW);
  #count = 0;

  /** Takes how long a command took, in milliseconds. */
  add(milliseconds: number): void {
    this.#window[this.#count++ % WINDOW] = milliseconds;
  }

  /** Sums up the window. */
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
