import { Command } from "./command.ts";
import { QueryRecord } from "./query_history.ts";

/** The commands of callers have numbers. */
const PROBE_ID = "-";

/**
 * Keeps jsockd from counting a pause as running time.
 *
 * jsockd holds a command to its time limit from the start of the command before it, until it has read
 * the parameter. So after a pause, or after a long command, about one query in ten thousand is
 * interrupted while it is evaluated, and the caller gets "error compiling command" (seen on 0.0.139 and
 * 0.1.5). A probe before the command is a new start. Whether the probe itself is interrupted does not
 * matter.
 */
export class ProbeSchedule {
  readonly #pauseMs: number;
  #startedAt: number;

  /** @param limitMs The time limit of the server, in milliseconds; `Infinity` if it needs no probes. */
  constructor(limitMs: number, now: number) {
    this.#pauseMs = limitMs / 2;
    this.#startedAt = now;
  }

  /** Returns the probe to send before a command to a thread that has nothing to do, if it needs one. */
  before(now: number): Command | undefined {
    const isDue = now - this.#startedAt > this.#pauseMs;
    this.#startedAt = now;
    return isDue ? makeProbe(now) : undefined;
  }
}

/** Whether a command is a probe, of which no caller knows. */
export function isProbe({ id }: Command): boolean {
  return id === PROBE_ID;
}

function makeProbe(now: number): Command {
  const probe = new Command({
    id: PROBE_ID,
    // Nothing is known about the query, so no command shares the thread with a probe but the one that
    // it is sent for.
    history: new QueryRecord("() => 0"),
    paramJson: "null",
    calledAt: now,
    parse: () => undefined,
    onEnd: () => {},
    idempotent: false,
    largeParameter: undefined,
    messageHandler: undefined,
  });
  probe.result.catch(() => {});
  return probe;
}
