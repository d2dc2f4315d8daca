import { MAX_ID_BYTES } from "../../protocol/limits.ts";

/** The server's own code runs, which ends of itself. */
const HOST = 0;
/** A command's JavaScript runs. */
const RUNNING = 1;
/** The thread is given up: nothing that it still does may be seen. */
const ABANDONED = 2;
/** JavaScript in a thread that was given up has returned. */
const RETURNED = 3;

const STATE = 0;
const RUNS = 1;
const ID_LENGTH = 2;
const HEADER_BYTES = 3 * Int32Array.BYTES_PER_ELEMENT;
const ID_BYTES = MAX_ID_BYTES * Uint16Array.BYTES_PER_ELEMENT;

/**
 * What a worker is doing, in memory that the main thread shares: JavaScript that no exception can
 * interrupt, such as a search in a string of gigabytes, is ended with its worker. Either the worker
 * says in time that the JavaScript has returned, or the main thread condemns it: one of the two, by one
 * atomic exchange, so that a command is answered once.
 */
export class RunStatus {
  /** The shared memory, with which the other thread makes its own end. */
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  /** Units of UTF-16: an ID has no more of them than bytes of UTF-8. */
  readonly #id: Uint16Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEADER_BYTES + ID_BYTES)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, 3);
    this.#id = new Uint16Array(memory, HEADER_BYTES);
  }

  /** Which command is about to run; its ID has {@linkcode MAX_ID_BYTES} bytes at most. */
  setCommandId(id: string): void {
    for (let i = 0; i < id.length; i++) this.#id[i] = id.charCodeAt(i);
    this.#words[ID_LENGTH] = id.length;
  }

  /** The ID of the command that ran last. */
  get commandId(): string {
    return String.fromCharCode(...this.#id.subarray(0, this.#words[ID_LENGTH]));
  }

  /** From here on JavaScript runs, for the first time in this command or again. */
  enterJavaScript(isFirst: boolean): void {
    if (isFirst) Atomics.add(this.#words, RUNS, 1);
    Atomics.store(this.#words, STATE, RUNNING);
  }

  /**
   * From here on the server's own code runs.
   *
   * @returns Whether JavaScript was running.
   * @throws {AbandonedError} In a worker that is condemned. It must do nothing any more.
   */
  leaveJavaScript(): boolean {
    const state = Atomics.compareExchange(this.#words, STATE, RUNNING, HOST);
    if (state < ABANDONED) return state === RUNNING;
    Atomics.store(this.#words, STATE, RETURNED);
    throw new AbandonedError();
  }

  /** The number of the command that runs; undefined if none does. */
  get runNumber(): number | undefined {
    return Atomics.load(this.#words, STATE) === RUNNING
      ? Atomics.load(this.#words, RUNS)
      : undefined;
  }

  /** Condemns the worker if JavaScript runs; whether it did. */
  abandon(): boolean {
    return Atomics.compareExchange(this.#words, STATE, RUNNING, ABANDONED) === RUNNING;
  }

  /** Whether JavaScript still runs in the worker that was condemned. */
  get isStuck(): boolean {
    return Atomics.load(this.#words, STATE) === ABANDONED;
  }
}

/** The main thread has given this worker up, and another has taken its place. */
export class AbandonedError extends Error {
  override readonly name = "AbandonedError";
}
