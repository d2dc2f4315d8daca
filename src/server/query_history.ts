/** The newest time counts for so much of the average, once there are enough of them. */
const NEWEST_SHARE = 1 / 8;

/** As many as the server itself keeps compiled. */
const MAX_QUERIES = 1_000;

/** What the commands that had a query taught of it. */
export class QueryRecord {
  #quiet: boolean | undefined;
  #runtimeMs = 0;
  #runs = 0;

  /** Whether a command with the query has ended, and none has ever sent a message. */
  get quiet(): boolean {
    return this.#quiet === true;
  }

  /** How long a command with the query takes, about. */
  get runtimeMs(): number {
    return this.#runtimeMs;
  }

  /** Learns from a command that ended without a message, and from how long it took. */
  learnQuiet(runtimeMs: number): void {
    this.#quiet ??= true;
    // The first run is no measure for others: the server compiles the query in it.
    const share = Math.max(NEWEST_SHARE, 1 / Math.max(this.#runs, 1));
    this.#runs++;
    this.#runtimeMs += (runtimeMs - this.#runtimeMs) * share;
  }

  /** Learns from a command that sent a message: what did it once may do it again. */
  learnMessage(): void {
    this.#quiet = false;
  }
}

/** What is known of the queries that were sent of late, by their text. */
export class QueryHistory {
  readonly #records = new Map<string, QueryRecord>();

  /** What is known of a query; of a new one, nothing. */
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
