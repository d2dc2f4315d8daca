import { ByteRing } from "../session/byte_ring.ts";
import { RunStatus } from "../session/run_status.ts";

/** The memory that a thread of the server and its worker share. It can be sent to a worker. */
export interface ThreadMemory {
  /** A ring of what the client sends. */
  readonly input: SharedArrayBuffer;
  /** A ring of what the client gets. */
  readonly output: SharedArrayBuffer;
  /** A ring of the log's entries, as they are written. */
  readonly log: SharedArrayBuffer;
  /** The session's {@linkcode RunStatus}. */
  readonly status: SharedArrayBuffer;
}

/** Both threads' view of their memory. */
export class ThreadChannel {
  readonly memory: ThreadMemory;
  readonly input: ByteRing;
  readonly output: ByteRing;
  readonly log: ByteRing;
  readonly status: RunStatus;

  /** Opens memory that another thread has made, or makes what is missing. */
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
