import type { LatencySummary } from "./latencies.ts";

/**
 * What a client has done and is doing.
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
  /** Threads of the server that the client is connected to. */
  readonly threads: number;
  /** Commands that were sent and have no answer yet. */
  readonly inFlight: number;
  /** Commands that wait for a thread. */
  readonly queued: number;
  /** Commands that had a result. */
  readonly completed: number;
  /** Commands that had none: an exception, an error, a signal that aborted. */
  readonly failed: number;
  /** Commands that were sent behind others in flight on the same thread, to save it from waiting. */
  readonly pipelined: number;
  /** Servers started in place of one that ended; reloads do not count. */
  readonly restarts: number;
  /** Bytes written to the sockets of all servers. */
  readonly bytesSent: number;
  /** Bytes read from them. */
  readonly bytesReceived: number;
  /** How long the latest commands took from call to result. */
  readonly latency: LatencySummary;
}
