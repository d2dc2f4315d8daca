/** What the page and its server send each other, as JSON. */

/** A server that runs programs. */
export interface ServerInfo {
  /** Its name in requests and events. */
  readonly id: string;
  /** Its name for people. */
  readonly name: string;
  /** The version that it states. */
  readonly version: string;
}

/** The first event of a page: what there is. */
export interface Welcome {
  readonly servers: readonly ServerInfo[];
  /** Threads of each server. */
  readonly threads: number;
  /** The time limit of a program, in milliseconds. */
  readonly limitMs: number;
  /** Callers of the load on each server; 0 while there is none. */
  readonly callers: number;
}

/** What a server did since the last sample, and how it is. */
export interface Sample {
  readonly id: string;
  readonly pid: number;
  /** Commands per second that had a result. */
  readonly perSecond: number;
  /** Percentiles of the latest latencies, in milliseconds; null if no command had a result. */
  readonly latencyMs: readonly [p50: number, p95: number, p99: number] | null;
  /** Commands that wait for a thread. */
  readonly queued: number;
  /** Servers that replaced one that ended, since the start. */
  readonly restarts: number;
  /** Commands that rejected, since the start. */
  readonly failed: number;
  /** Resident memory of the process in MB; null if it cannot be read. */
  readonly memoryMb: number | null;
}

/** A line of a server's log, or about it. */
export interface LogLine {
  readonly id: string;
  /** A method of `console`, a level of the log, or `SERVER` for what happened to the server. */
  readonly level: string;
  readonly text: string;
}

/** The events of the page's stream, by name. */
export interface PageEvents {
  welcome: Welcome;
  samples: { readonly time: number; readonly samples: readonly Sample[] };
  log: LogLine;
  load: { readonly callers: number };
}

/** A request to run a program. */
export interface RunRequest {
  readonly server: string;
  /** TSX: a module with a default export. */
  readonly code: string;
  /** The parameter as JSON text; empty for null. */
  readonly parameter: string;
}

/** How a program ended. */
export interface Outcome {
  readonly status: "result" | "exception" | "error";
  /** The result as JSON text, or the error's message. */
  readonly text: string;
  /** The result as HTML, if it is markup. */
  readonly html?: string;
  /** The calls that led to an exception, innermost first. */
  readonly trace?: readonly Frame[];
  /** Positions of syntax errors in the code. */
  readonly problems?: readonly Problem[];
  /** Missing if the program was not sent. */
  readonly times?: Times;
}

/** A call in a stack trace. */
export interface Frame {
  readonly functionName: string;
  /** The position in the code; null if the call is not in it. */
  readonly place: Place | null;
}

/** A position in the code. Line and column are from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** An error in the code. */
export interface Problem {
  readonly text: string;
  readonly place: Place | null;
}

/** Where the time of a call went, in milliseconds, as the client measures it. */
export interface Times {
  /** From the call to the program's first line: the queue, the way there, compiling. */
  readonly waited: number;
  /** From the first line to the result, with the way back; null if the program did not begin. */
  readonly ran: number | null;
}
