/** What a client knows of a server that is ready. */
export interface ServerReady {
  /** The number of its process. */
  readonly pid: number;
  /** Its version, such as `0.0.139`. */
  readonly version: string;
  /** Its threads that the client is connected to. */
  readonly threads: number;
}

/** How a server ended. */
export interface ServerExit {
  /** The number of its process. */
  readonly pid: number;
  /** Its exit code; 128 and the signal's number if a signal ended it. */
  readonly code: number;
  /** The signal that ended it. */
  readonly signal: Deno.Signal | null;
  /** The same in words, and why, if it was the client that ended it. */
  readonly reason: string;
}

/** Why another server is started in place of one that ended. */
export interface ServerRestart {
  /** What happened to the one before. */
  readonly reason: string;
}

/** The events of a client's servers: for each name, what it tells. */
export interface ServerEvents {
  /** Another server is ready, after a restart or a reload. */
  ready: ServerReady;
  /** A server ended, for whatever reason. */
  exit: ServerExit;
  /** A server that ended is about to be replaced. */
  restart: ServerRestart;
}

/** Reports an event of a server. */
export type Emit = <Type extends keyof ServerEvents>(
  type: Type,
  detail: ServerEvents[Type],
) => void;
