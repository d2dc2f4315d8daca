/** What a client's servers have done, from the first to the present one. */
export interface Counters {
  /** Commands that were sent behind others in flight. */
  pipelined: number;
  /** Servers started in place of one that ended. */
  restarts: number;
  /** Bytes written to sockets. */
  bytesSent: number;
  /** Bytes read from sockets. */
  bytesReceived: number;
}

/** Counters of a client that has done nothing. */
export function newCounters(): Counters {
  return { pipelined: 0, restarts: 0, bytesSent: 0, bytesReceived: 0 };
}
