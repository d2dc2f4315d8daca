import type {
  JSPromiseState,
  QuickJSContext,
  QuickJSHandle,
  QuickJSWASMModule,
} from "quickjs-emscripten-core";
import { instantiateEngine, MAX_MEMORY_BYTES } from "./wasm.ts";
import { makeInspect } from "../guest/inspect.ts";
import { callGuest, defineAtomics, defineTextCoding, defineWebStreams } from "./guest_globals.ts";
import { defineConsole, defineJSockD } from "./jsockd_globals.ts";
import { refuseModules } from "./modules.ts";
import { RuntimeJson } from "./json.ts";
import { NEW_WRITE } from "../console.ts";
import { type Log, logInterruption, type MemoryUsage, type SendMessage } from "../engine.ts";

/** What a runtime is made of. */
export interface RuntimeOptions {
  /** QuickJS, compiled. */
  readonly engine: WebAssembly.Module;
  /** The source text of the Web Streams polyfill. */
  readonly webStreams: string;
  /** How long JavaScript may run after {@linkcode Runtime.startClock}, in microseconds. */
  readonly maxRuntimeUs: number;
  /** Takes what the JavaScript writes to the console, and warnings about it. */
  readonly log: Log;
  /** Sends a message to the client and waits for the answer. */
  readonly sendMessage: SendMessage;
}

/**
 * The stack of QuickJS, in WebAssembly's memory. With more, deep recursion would first use up the
 * thread's native stack, on which WebAssembly runs, and that costs the runtime.
 */
const STACK_LIMIT_BYTES = 256 << 10;

/** One QuickJS with memory and globals of its own. */
export class Runtime {
  readonly context: QuickJSContext;
  readonly json: RuntimeJson;
  readonly #engine: QuickJSWASMModule;
  readonly #options: RuntimeOptions;
  readonly #inspect: QuickJSHandle;
  #started = Infinity;
  #interrupted = false;

  private constructor(engine: QuickJSWASMModule, options: RuntimeOptions) {
    const runtime = engine.newRuntime({ maxStackSizeBytes: STACK_LIMIT_BYTES });
    this.context = runtime.newContext();
    this.json = new RuntimeJson(this.context);
    this.#engine = engine;
    this.#options = options;
    this.#inspect = callGuest(this.context, makeInspect);
    refuseModules(this.context);
    // In jsockd's order, which JavaScript can see.
    defineAtomics(this.context);
    defineTextCoding(this.context);
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
    runtime.setInterruptHandler(() => this.#isOverdue());
  }

  /** Makes a runtime. */
  static async create(options: RuntimeOptions): Promise<Runtime> {
    return new Runtime(await instantiateEngine(options.engine), options);
  }

  /** Whether the runtime has taken much of what memory it may. WebAssembly never gives any back. */
  get isFull(): boolean {
    return this.#engine.getWasmMemory().buffer.byteLength > MAX_MEMORY_BYTES / 2;
  }

  /** Time since {@linkcode startClock}, in milliseconds. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** Whether JavaScript has been interrupted since {@linkcode startClock}. */
  get wasInterrupted(): boolean {
    return this.#interrupted;
  }

  /** Whether jobs are left of what was interrupted: they would run on beside later commands. */
  get isLittered(): boolean {
    return this.#interrupted && this.context.runtime.hasPendingJob();
  }

  /** Interrupts whatever JavaScript still runs when the time allowed from now on is over. */
  startClock(): void {
    this.#interrupted = false;
    this.extendTime();
  }

  /** Gives JavaScript the time allowed once more. */
  extendTime(): void {
    this.#started = performance.now();
  }

  /**
   * Runs jobs until the value, if it is a promise, is settled, there is nothing more to run, or one
   * has been interrupted.
   */
  settle(value: QuickJSHandle): JSPromiseState {
    for (;;) {
      const state = this.context.getPromiseState(value);
      if (state.type !== "pending" || this.#interrupted) return state;
      if (!this.context.runtime.hasPendingJob()) return state;
      this.context.runtime.executePendingJobs(1).dispose();
    }
  }

  /** Shows a value as QuickJS does; an Error with its stack. */
  show(value: QuickJSHandle): string {
    return this.showInWrites(value).join("");
  }

  /** Shows a value in the pieces in which QuickJS would write it: a log's lines depend on that. */
  showInWrites(value: QuickJSHandle): string[] {
    using shown = this.context.callFunction(this.#inspect, this.context.undefined, value);
    const text = shown.error === undefined ? this.json.readString(shown.value) : "exception";
    // When there is no memory left, not even for an Error, QuickJS throws null.
    return this.isFull && /^(null|exception)$/.test(text)
      ? ["InternalError: out of memory"]
      : text.split(NEW_WRITE);
  }

  /** The memory in use. */
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
