import { ByteRing } from "../session/byte_ring.ts";
import { RunStatus } from "../session/run_status.ts";

/** The memory that the main thread shares with a worker. It can be sent with `postMessage()`. */
export interface ThreadMemory {
  /** The ring buffer of the bytes from the client. */
  readonly input: SharedArrayBuffer;
  /** The ring buffer of the bytes to the client. */
  readonly output: SharedArrayBuffer;
  /** The ring buffer of encoded log entries. */
  readonly log: SharedArrayBuffer;
  /** The memory of the session's {@linkcode RunStatus}. */
  readonly status: SharedArrayBuffer;
}

/** A thread's view of a {@linkcode ThreadMemory}. */
export class ThreadChannel {
  readonly memory: ThreadMemory;
  readonly input: ByteRing;
  readonly output: ByteRing;
  readonly log: ByteRing;
  readonly status: RunStatus;

  /** Wraps the memory that is given, and allocates what is missing. */
  constructor({ input, output, log, status }: Partial<ThreadMemory> = {}) {
    this.input = new ByteRing(input);
    this.output = new ByteRing(output);
    this.log = new ByteRing(log);
    this.status = new RunStatus(status);
    this.memory = {
      input: this.input.memory,
      output: this.output.memory,
      log: this.log.memory,
      status: this.status.memory,
    };
  }
}
