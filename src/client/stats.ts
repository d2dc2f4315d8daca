import type { ServerState } from "../server/events.ts";
import type { LatencySummary } from "./latencies.ts";

/**
 * Counts of a client's commands, restarts and bytes.
 *
 * @example How busy a client is
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 2 });
 * await client.runAll((_, n: number) => n, [1, 2, 3]);
 * const { threads, completed, queued, inFlight } = client.stats();
 * assertEquals({ threads, completed, queued, inFlight }, {
 *   threads: 2,
 *   completed: 3,
 *   queued: 0,
 *   inFlight: 0,
 * });
 * ```
 */
export interface ClientStats {
  /** The number of the server's threads that the client is connected to. */
  readonly threads: number;
  /** Commands that were sent and have no answer yet, including those that have timed out. */
  readonly inFlight: number;
  /** Commands that wait for a thread. */
  readonly queued: number;
  /** Commands that had a result. */
  readonly completed: number;
  /** Commands that rejected: with an exception, an error, or the reason of a signal. */
  readonly failed: number;
  /** Commands that were pipelined: sent while others were in flight on the same thread. */
  readonly pipelined: number;
  /** Idempotent commands that were sent again because their server ended. */
  readonly resent: number;
  /**
   * Whether there is a server: `running`, `restarting`, `suspended` while restarts are used up, until the
   * next one is tried, or `ended`.
   */
  readonly serverState: ServerState;
  /** Servers that were started to replace one that ended; reloads do not count. */
  readonly restarts: number;
  /** Bytes written to the sockets of all servers. */
  readonly bytesSent: number;
  /** Bytes read from the sockets of all servers. */
  readonly bytesReceived: number;
  /** The latencies of the latest commands, from call to result. */
  readonly latency: LatencySummary;
}
