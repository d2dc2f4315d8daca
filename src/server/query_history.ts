/** The weight of the newest runtime in the moving average, after the first few. */
const NEWEST_SHARE = 1 / 8;

/** The server caches about as many compiled queries. */
const MAX_QUERIES = 1_000;

/**
 * What the commands with one query have shown about it. Decides whether and how far it is
 * pipelined.
 */
export class QueryRecord {
  /** Undefined until a command with the query has ended or sent a message. */
  #quiet: boolean | undefined;
  #runtimeMs = 0;
  #runs = 0;

  /** Whether a command with the query has completed, and none has ever sent a message. */
  get quiet(): boolean {
    return this.#quiet === true;
  }

  /** The estimated runtime of a command with the query: a moving average. */
  get runtimeMs(): number {
    return this.#runtimeMs;
  }

  /** Records a command that completed without a message, and its runtime. */
  learnQuiet(runtimeMs: number): void {
    this.#quiet ??= true;
    // The first run includes compiling the query, so the second one replaces its runtime: both have
    // a weight of 1.
    const share = Math.max(NEWEST_SHARE, 1 / Math.max(this.#runs, 1));
    this.#runs++;
    this.#runtimeMs += (runtimeMs - this.#runtimeMs) * share;
  }

  /** Records that a command sent a message. The query is never pipelined again. */
  learnMessage(): void {
    this.#quiet = false;
  }
}

/** The records of recent queries, by the text of the query. Bounded, so it forgets the oldest. */
export class QueryHistory {
  readonly #records = new Map<string, QueryRecord>();

  /** Returns the record of a query; creates an empty one for a new query. */
  of(query: string): QueryRecord {
    const known = this.#records.get(query);
    if (known !== undefined) return known;
    if (this.#records.size >= MAX_QUERIES) this.#forgetOldest();
    const record = new QueryRecord();
    this.#records.set(query, record);
    return record;
  }

  #forgetOldest(): void {
    for (const query of this.#records.keys()) {
      this.#records.delete(query);
      return;
    }
  }
}
