import type {
  JSPromiseState,
  QuickJSContext,
  QuickJSHandle,
  QuickJSWASMModule,
} from "quickjs-emscripten-core";
import { instantiateEngine } from "./wasm.ts";
import { makeInspect } from "../guest/inspect.ts";
import { callGuest, defineAtomics, defineRandom, defineWebStreams } from "./guest_globals.ts";
import { defineConsole, defineJSockD } from "./jsockd_globals.ts";
import { refuseImports } from "./modules.ts";
import {
  countedDecoders,
  type DecoderStore,
  defineTextCoding,
  referencedDecoders,
} from "./text_coding.ts";
import { RuntimeJson } from "./json.ts";
import { NEW_WRITE } from "../console.ts";
import { type Log, logInterruption, type MemoryUsage, type SendMessage } from "../engine.ts";

/** Options of a {@linkcode Runtime}. */
export interface RuntimeOptions {
  /** Whether the runtime can be restored with {@linkcode Runtime.snapshot}. */
  readonly isolated: boolean;
  /** QuickJS as compiled WebAssembly. */
  readonly engine: WebAssembly.Module;
  /** The source text of the Web Streams polyfill. */
  readonly webStreams: string;
  /** The time limit after {@linkcode Runtime.startClock}, in microseconds. */
  readonly maxRuntimeUs: number;
  /** The memory limit, in bytes. */
  readonly maxMemoryBytes: number;
  /** Logs what JavaScript writes to the console, and warnings about commands. */
  readonly log: Log;
  /** Sends a message to the client, and blocks until the response arrives. */
  readonly sendMessage: SendMessage;
}

/**
 * The stack limit of QuickJS. With a larger one, deep recursion would overflow the thread's native
 * stack first, and QuickJS would crash instead of throwing an error.
 */
const STACK_LIMIT_BYTES = 256 << 10;

/** What QuickJS throws when it gets no more memory. */
const OUT_OF_MEMORY = /^InternalError: out of memory(?=\n|$)/;

/** The size from which restoring the memory would take longer than creating a runtime. */
const LARGE_BYTES = 64 << 20;

/** A QuickJS runtime with its own memory and globals. */
export class Runtime {
  readonly context: QuickJSContext;
  readonly json: RuntimeJson;
  readonly #engine: QuickJSWASMModule;
  readonly #options: RuntimeOptions;
  readonly #inspect: QuickJSHandle;
  readonly #decoders: DecoderStore;
  #started = Infinity;
  #interrupted = false;

  private constructor(engine: QuickJSWASMModule, options: RuntimeOptions) {
    const runtime = engine.newRuntime({ maxStackSizeBytes: STACK_LIMIT_BYTES });
    this.context = runtime.newContext();
    this.json = new RuntimeJson(this.context);
    this.#engine = engine;
    this.#options = options;
    this.#inspect = callGuest(this.context, makeInspect);
    refuseImports(this.context);
    // In the order of jsockd, because JavaScript can see the order of globals.
    defineAtomics(this.context);
    this.#decoders = options.isolated
      ? countedDecoders(this.context)
      : referencedDecoders(this.context);
    defineTextCoding(this.context, this.#decoders);
    defineJSockD(this.context, this.json, options.sendMessage);
    defineConsole(
      this.context,
      (value) =>
        this.context.typeof(value) === "string"
          ? [this.json.readString(value)]
          : this.showInWrites(value),
      options.log,
    );
    defineWebStreams(this.context, options.webStreams);
    // A restored memory would repeat QuickJS's own random numbers.
    if (options.isolated) defineRandom(this.context);
    runtime.setInterruptHandler(() => this.#isOverdue());
  }

  /** Creates a runtime. */
  static async create(options: RuntimeOptions): Promise<Runtime> {
    let isOverdue = () => false;
    // QuickJS looks at its clock once in 10,000 steps, and each step may fill megabytes.
    const mayGrow = () => !isOverdue();
    const engine = await instantiateEngine(options.engine, options.maxMemoryBytes, mayGrow);
    const runtime = new Runtime(engine, options);
    isOverdue = () => runtime.#isOverdue();
    return runtime;
  }

  /** Whether more than half of the memory is taken. WebAssembly never gives memory back. */
  get isFull(): boolean {
    return this.#memorySize > this.#options.maxMemoryBytes / 2;
  }

  /** What QuickJS throws when it reaches its memory limit, which is named here. */
  get outOfMemory(): string {
    const { maxMemoryBytes } = this.#options;
    return `InternalError: out of memory: the limit of a thread, maxMemoryBytes, is ${maxMemoryBytes}`;
  }

  /** Whether so much memory is taken that it is quicker to create another runtime than to restore it. */
  get isLarge(): boolean {
    return this.#memorySize > LARGE_BYTES;
  }

  /** The time since {@linkcode startClock} or {@linkcode extendTime}, in milliseconds. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** Whether JavaScript has been interrupted since {@linkcode startClock}. */
  get wasInterrupted(): boolean {
    return this.#interrupted;
  }

  /**
   * Whether an interrupted command left promise jobs behind. They would run during later commands.
   */
  get hasLeftoverJobs(): boolean {
    return this.#interrupted && this.context.runtime.hasPendingJob();
  }

  /**
   * Copies the memory, in which everything is that JavaScript can change.
   *
   * @returns A function that restores it. It takes less than a millisecond, where another runtime
   * takes ten, and more with a module. Handles that were created since must not be used after it.
   */
  snapshot(): () => void {
    // The library creates its handle of the globals on first use, and keeps it.
    void this.context.global;
    const saved = copyWithoutZeros(this.#engine.getWasmMemory().buffer);
    const restoreDecoders = this.#decoders.snapshot();
    return () => {
      const memory = new Uint8Array(this.#engine.getWasmMemory().buffer);
      memory.set(saved);
      memory.fill(0, saved.length);
      restoreDecoders();
      this.#interrupted = false;
    };
  }

  get #memorySize(): number {
    return this.#engine.getWasmMemory().buffer.byteLength;
  }

  /** Starts the time limit of a command. */
  startClock(): void {
    this.#interrupted = false;
    this.extendTime();
  }

  /** Starts the time limit again, for more JavaScript of the same command. */
  extendTime(): void {
    this.#started = performance.now();
  }

  /**
   * Runs promise jobs until the value is settled, no jobs are left, or a job is interrupted.
   */
  settle(value: QuickJSHandle): JSPromiseState {
    for (;;) {
      const state = this.context.getPromiseState(value);
      if (state.type !== "pending" || this.#interrupted) return state;
      if (!this.context.runtime.hasPendingJob()) return state;
      this.context.runtime.executePendingJobs(1).dispose();
    }
  }

  /** Returns a value in the format of QuickJS: an Error with its stack. */
  show(value: QuickJSHandle): string {
    return this.showInWrites(value).join("");
  }

  /** Returns the writes in which jsockd would write a value: they determine its log messages. */
  showInWrites(value: QuickJSHandle): string[] {
    using shown = this.context.callFunction(this.#inspect, this.context.undefined, value);
    const text = shown.error === undefined ? this.json.readString(shown.value) : "exception";
    const writes = text.split(NEW_WRITE);
    const whole = writes.join("");
    // Without memory for an Error, QuickJS throws null.
    const pattern = this.isFull && /^(null|exception)$/.test(whole) ? whole : OUT_OF_MEMORY;
    const named = whole.replace(pattern, this.outOfMemory);
    return named === whole ? writes : [named];
  }

  /** Returns the memory in use. */
  memoryUsage(): MemoryUsage {
    using usage = this.context.runtime.computeMemoryUsage();
    const { memory_used_size, memory_used_count } = this.context.dump(usage);
    return { size: memory_used_size, count: memory_used_count };
  }

  #isOverdue(): boolean {
    const { elapsed } = this;
    const { maxRuntimeUs, log } = this.#options;
    if (elapsed * 1000 <= maxRuntimeUs) return false;
    if (!this.#interrupted) logInterruption(log, elapsed, maxRuntimeUs);
    this.#interrupted = true;
    return true;
  }
}

/** Copies the bytes up to the last one that is not zero. Memory that was never used is zero. */
function copyWithoutZeros(buffer: ArrayBufferLike): Uint8Array {
  const words = new Int32Array(buffer);
  let end = words.length;
  while (words[end - 1] === 0) end--;
  return new Uint8Array(buffer.slice(0, end * words.BYTES_PER_ELEMENT));
}
