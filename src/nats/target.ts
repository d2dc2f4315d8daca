import { checkQuery } from "../protocol/commands.ts";
import { toNamedCall } from "./named_call.ts";
import { formatRequestLine } from "./wire.ts";

/** How a command is to be run. */
export interface Manner {
  /** How long the caller waits, in milliseconds. */
  readonly ms: number;
  /** Whether the caller answers messages. */
  readonly answers: boolean;
  readonly idempotent: boolean;
  readonly isolated: boolean;
}

/** How many lines to keep. Programs have few timeouts. */
const MAX_LINES = 16;

/** What to run for a query. Only code that is more than the call of an export is sent as code. */
export class Target {
  readonly #what;
  readonly #lines = new Map<string, string>();

  /** @throws {JSockDClientError} `INVALID_COMMAND` if the query cannot be sent. */
  constructor(query: string) {
    checkQuery(query);
    const call = toNamedCall(query);
    this.#what = call === undefined ? { query } : { call };
  }

  /** Returns the first line of a request. */
  line({ ms, answers, idempotent, isolated }: Manner): string {
    const key = `${ms} ${answers} ${idempotent} ${isolated}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line = formatRequestLine({
      ...this.#what,
      ms,
      ...answers && { answers },
      ...idempotent && { idempotent },
      ...isolated && { isolated },
    });
    if (this.#lines.size < MAX_LINES) this.#lines.set(key, line);
    return line;
  }
}
