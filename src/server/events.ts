/** A server that is ready. */
export interface ServerReady {
  /** The ID of its process. */
  readonly pid: number;
  /** Its version, such as `0.0.139`. */
  readonly version: string;
  /** The number of its threads that the client is connected to. */
  readonly threads: number;
}

/** How a server ended. */
export interface ServerExit {
  /** The ID of its process. */
  readonly pid: number;
  /** Its exit code; 128 plus the signal's number if a signal ended it. */
  readonly code: number;
  /** The signal that ended it; null if it exited by itself. */
  readonly signal: Deno.Signal | null;
  /** How it ended in words, and why if the client killed it. */
  readonly reason: string;
}

/** Why a server is restarted. */
export interface ServerRestart {
  /** How the previous server, or the previous attempt to start one, ended; or why it has to end. */
  readonly reason: string;
}

/**
 * Whether a client has a server: it is `running`; it is `restarting`, so commands wait; `suspended`,
 * because `maxRestartsPerMinute` is used up, so commands reject until the next restart; or it has
 * `ended` for good.
 */
export type ServerState = "running" | "restarting" | "suspended" | "ended";

/** That restarts are used up for now. */
export interface ServerSuspension {
  /** How the last server, or the last attempt to start one, ended. */
  readonly reason: string;
  /** The time until the next restart, in milliseconds. */
  readonly retryMs: number;
}

/** The memory of a server that gets near its limit. */
export interface ServerMemory {
  /** The ID of its process. */
  readonly pid: number;
  /** The resident size of the process and its children, in bytes. */
  readonly residentBytes: number;
  /** The limit, `maxMemoryBytes`. */
  readonly limitBytes: number;
}

/** The events of a client's servers: the detail for each type. */
export interface ServerEvents {
  /** Another server is ready, after a restart or a reload. */
  ready: ServerReady;
  /** A server ended, for any reason. */
  exit: ServerExit;
  /** A server that ended, or has to be ended, is about to be replaced. */
  restart: ServerRestart;
  /** Restarts are used up. All commands reject until the next one, which is tried after a pause. */
  suspend: ServerSuspension;
  /** A server takes more than three quarters of its memory limit, for the first time. */
  memory: ServerMemory;
}

/** Reports an event. */
export type Emit = <Type extends keyof ServerEvents>(
  type: Type,
  detail: ServerEvents[Type],
) => void;
