import { MAX_ID_BYTES } from "../../protocol/limits.ts";

/** The server's own code runs. It always returns soon, so nothing has to stop it. */
const HOST = 0;
/** The JavaScript of a command runs. */
const RUNNING = 1;
/** The worker is abandoned. Nothing that it still does may have an effect. */
const ABANDONED = 2;
/** The JavaScript in an abandoned worker has returned. */
const RETURNED = 3;

const STATE = 0;
const RUNS = 1;
const ID_LENGTH = 2;
const HEADER_BYTES = 3 * Int32Array.BYTES_PER_ELEMENT;
const ID_BYTES = MAX_ID_BYTES * Uint16Array.BYTES_PER_ELEMENT;

/**
 * Whether a worker runs JavaScript, in memory that it shares with the main thread.
 *
 * V8 cannot interrupt all JavaScript: not a search in a huge string, for example. The main thread
 * then abandons the worker. An atomic exchange decides which comes first, the return of the
 * JavaScript or the main thread, so that each command is answered once.
 */
export class RunStatus {
  /** The shared memory, from which the other thread creates its own view of the status. */
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  /** Units of UTF-16: an ID has no more of them than bytes of UTF-8. */
  readonly #id: Uint16Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEADER_BYTES + ID_BYTES)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, 3);
    this.#id = new Uint16Array(memory, HEADER_BYTES);
  }

  /** Stores the ID of the next command, which has at most {@linkcode MAX_ID_BYTES} bytes. */
  setCommandId(id: string): void {
    for (let i = 0; i < id.length; i++) this.#id[i] = id.charCodeAt(i);
    this.#words[ID_LENGTH] = id.length;
  }

  /** The ID of the running command, or of the last one. */
  get commandId(): string {
    return String.fromCharCode(...this.#id.subarray(0, this.#words[ID_LENGTH]));
  }

  /**
   * Marks the beginning of JavaScript.
   *
   * @param isFirst Whether a new command begins; false if JavaScript goes on after a call to the
   * server.
   * @throws {AbandonedError} If this worker is stopped.
   */
  enterJavaScript(isFirst: boolean): void {
    if (isFirst) Atomics.add(this.#words, RUNS, 1);
    const state = Atomics.compareExchange(this.#words, STATE, HOST, RUNNING);
    if (state >= ABANDONED) throw new AbandonedError();
  }

  /**
   * Marks the end of JavaScript, or a call from JavaScript to the server.
   *
   * @returns Whether JavaScript was running.
   * @throws {AbandonedError} If this worker is abandoned. It must stop at once.
   */
  leaveJavaScript(): boolean {
    const state = Atomics.compareExchange(this.#words, STATE, RUNNING, HOST);
    if (state < ABANDONED) return state === RUNNING;
    Atomics.store(this.#words, STATE, RETURNED);
    throw new AbandonedError();
  }

  /** The number of the running command, or undefined if no JavaScript runs. */
  get runNumber(): number | undefined {
    return Atomics.load(this.#words, STATE) === RUNNING
      ? Atomics.load(this.#words, RUNS)
      : undefined;
  }

  /** Abandons the worker if it runs JavaScript. Returns whether it did. */
  abandon(): boolean {
    return Atomics.compareExchange(this.#words, STATE, RUNNING, ABANDONED) === RUNNING;
  }

  /** Keeps the worker from beginning a command, and from answering one that it runs. */
  stop(): void {
    Atomics.store(this.#words, STATE, ABANDONED);
  }

  /** Whether the worker is abandoned and its JavaScript still runs. */
  get isStuck(): boolean {
    return Atomics.load(this.#words, STATE) === ABANDONED;
  }
}

/** The main thread has abandoned this worker: another one has replaced it, or the server ends. */
export class AbandonedError extends Error {
  override readonly name = "AbandonedError";
}
