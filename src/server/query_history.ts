import { TextMap } from "../common/text_map.ts";
import { checkQuery } from "../protocol/commands.ts";

/** The weight of the newest runtime in the moving average, after the first few. */
const NEWEST_SHARE = 1 / 8;

/**
 * What the commands with one query have shown about it. Decides whether and how far it is
 * pipelined.
 */
export class QueryRecord {
  /** Text that evaluates to the function. It can be sent. */
  readonly query: string;
  /** Undefined until a command with the query has ended or sent a message. */
  #quiet: boolean | undefined;
  #runtimeMs = 0;
  #runs = 0;

  /**
   * Creates an empty record.
   *
   * @throws {JSockDClientError} `INVALID_COMMAND` if the query cannot be sent.
   */
  constructor(query: string) {
    checkQuery(query);
    this.query = query;
  }

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

/** The records of recent queries, by the text of the query. */
export class QueryHistory {
  readonly #records = new TextMap((query) => new QueryRecord(query));

  /**
   * Returns the record of a query; creates an empty one for a new query.
   *
   * @throws {JSockDClientError} `INVALID_COMMAND` if the query cannot be sent.
   */
  of(query: string): QueryRecord {
    return this.#records.get(query);
  }
}
