/** Counts over all servers of a client, from the first to the present one. */
export interface Counters {
  /** Commands that were pipelined behind others in flight. */
  pipelined: number;
  /** Idempotent commands that were sent again because their server ended. */
  resent: number;
  /** Servers that were started to replace one that ended. */
  restarts: number;
  /** Bytes written to sockets. */
  bytesSent: number;
  /** Bytes read from sockets. */
  bytesReceived: number;
}

/** Creates counters that are all 0. */
export function newCounters(): Counters {
  return { pipelined: 0, resent: 0, restarts: 0, bytesSent: 0, bytesReceived: 0 };
}
