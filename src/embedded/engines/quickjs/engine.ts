import { reportException } from "../exceptions.ts";
import {
  type Engine,
  type EngineHost,
  type EngineOptions,
  exception,
  type Log,
  type MemoryUsage,
  type Outcome,
} from "../engine.ts";
import { frameMapper } from "../source_map.ts";
import { CommandRunner } from "./commands.ts";
import { MemoryWatch } from "./memory_watch.ts";
import { loadModule } from "./modules.ts";
import type { QuickJSParts } from "./parts.ts";
import { Runtime } from "./runtime.ts";
import { OutOfMemoryError } from "./wasm.ts";

/** Runs commands in QuickJS, which enforces the time limit of each command itself. */
export class QuickJSEngine implements Engine {
  readonly #runtime: Runtime;
  readonly #runner: CommandRunner;
  readonly #log: Log;
  readonly #memory = new MemoryWatch();
  /** Restores the state in which the engine was created, if it is isolated. */
  readonly #restore: (() => void) | undefined;
  #worn = false;
  #crashed = false;

  private constructor(
    runtime: Runtime,
    runner: CommandRunner,
    log: Log,
    restore: (() => void) | undefined,
  ) {
    this.#runtime = runtime;
    this.#runner = runner;
    this.#log = log;
    this.#restore = restore;
  }

  /**
   * Creates an engine and loads the module.
   *
   * @throws {LoadError} If the module does not compile, throws, or awaits for ever.
   */
  static async create(
    parts: QuickJSParts,
    { module, sourceMap, maxRuntimeUs, maxMemoryBytes }: EngineOptions,
    host: EngineHost,
  ): Promise<QuickJSEngine> {
    const runtime = await Runtime.create({ ...parts, maxRuntimeUs, maxMemoryBytes, ...host });
    const namespace = module === undefined
      ? runtime.context.undefined
      : loadModule(runtime, module);
    const mapFrame = sourceMap === undefined || module === undefined
      ? undefined
      : frameMapper(sourceMap, module.name);
    const runner = new CommandRunner(runtime, namespace, host.log, mapFrame);
    const restore = host.isolated ? runtime.snapshot() : undefined;
    return new QuickJSEngine(runtime, runner, host.log, restore);
  }

  get worn(): boolean {
    return this.#worn || this.#crashed;
  }

  get isLarge(): boolean {
    return this.#runtime.isLarge;
  }

  guard(work: () => void): boolean {
    work();
    return true;
  }

  call(query: string, param: string): Outcome {
    const outcome = this.#call(query, param);
    // An isolated engine is renewed in any case. To measure it would create handles that it loses.
    if (this.#restore === undefined) {
      this.#worn ||= this.#runtime.isFull || this.#runtime.hasLeftoverJobs || this.#hasGrown();
    }
    return outcome;
  }

  settled(): Outcome {
    throw new Error("Cannot settle a command: call() returns every outcome");
  }

  interrupted(): Outcome {
    throw new Error("Cannot report an interruption: call() returns every outcome");
  }

  memoryUsage(): MemoryUsage {
    return this.#runtime.memoryUsage();
  }

  renew(): boolean {
    if (this.#restore === undefined || this.#crashed || this.#runtime.isLarge) return false;
    this.#restore();
    this.#runner.forgetQueries();
    return true;
  }

  #call(query: string, param: string): Outcome {
    try {
      return this.#runner.run(query, param);
    } catch (error) {
      this.#crashed = true;
      return this.#reportCrash(error);
    }
  }

  #reportCrash(error: unknown): Outcome {
    // V8 throws a RangeError when WebAssembly overflows the thread's native stack.
    const reason = error instanceof RangeError
      ? "InternalError: stack overflow"
      : error instanceof OutOfMemoryError || this.#runtime.isFull
      ? this.#runtime.outOfMemory
      : `InternalError: ${error}`;
    this.#log("ERROR", `QuickJS crashed (${reason}). Resetting interpreter state.`);
    return exception(reportException(reason));
  }

  #hasGrown(): boolean {
    const grown = this.#memory.hasGrown(this.#runtime, this.#runner.cachedQueries);
    if (grown) {
      this.#log(
        "ERROR",
        "Memory usage has increased over the last 300 commands. Resetting interpreter state.",
      );
    }
    return grown;
  }
}
