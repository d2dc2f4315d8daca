import { type QuickJSHandle, Scope } from "quickjs-emscripten-core";
import { type MapFrame, reportException } from "../exceptions.ts";
import { Queries } from "./queries.ts";
import type { Runtime } from "./runtime.ts";
import { exception, type Log, type Outcome } from "../engine.ts";

/** The exception that QuickJS reports for a promise that can never settle. */
const UNINITIALIZED = "uninitialized";

/** The exception of QuickJS for JavaScript that exceeds the time limit. */
const INTERRUPTED = "InternalError: interrupted";

/** Runs commands in a runtime. */
export class CommandRunner {
  readonly #runtime: Runtime;
  readonly #module: QuickJSHandle;
  readonly #log: Log;
  readonly #mapFrame: MapFrame | undefined;
  readonly #queries: Queries;

  /**
   * @param module The first argument of every command.
   * @param log Logs errors of which the record has no details.
   * @param mapFrame Returns the original place of a frame. Only given if there is a source map.
   */
  constructor(runtime: Runtime, module: QuickJSHandle, log: Log, mapFrame?: MapFrame) {
    this.#runtime = runtime;
    this.#module = module;
    this.#log = log;
    this.#mapFrame = mapFrame;
    this.#queries = new Queries(runtime);
  }

  /** The number of queries in the cache. */
  get cachedQueries(): number {
    return this.#queries.cachedCount;
  }

  /** Empties the cache, whose values no longer exist after the runtime was restored. */
  forgetQueries(): void {
    this.#queries.forget();
  }

  /**
   * Runs a command.
   *
   * @throws If QuickJS itself crashes. The runtime must not be used after that.
   */
  run(query: string, param: string): Outcome {
    using scope = new Scope();
    this.#runtime.startClock();
    const { value: callee, error } = this.#queries.evaluate(query, scope);
    if (error !== undefined) this.#logError("Exception compiling buffer", error);
    if (callee === undefined) return exception("error compiling command");

    this.#runtime.startClock();
    const { context, json } = this.#runtime;
    const parsed = scope.manage(json.parse(param));
    if (parsed.error !== undefined) {
      if (this.#runtime.wasInterrupted) return this.#reportThrown(parsed.error);
      this.#logError("JSON parse exception", parsed.error);
      return exception("JSON input parse error");
    }
    const called = scope.manage(
      context.callFunction(callee, context.null, this.#module, parsed.value),
    );
    if (called.error !== undefined) return this.#reportThrown(called.error);
    const state = this.#runtime.settle(called.value);
    if (state.type === "pending") {
      const shown = this.#runtime.wasInterrupted ? INTERRUPTED : UNINITIALIZED;
      return exception(reportException(shown));
    }
    if (state.type === "rejected") return this.#reportThrown(scope.manage(state.error));

    const stringified = scope.manage(json.stringify(scope.manage(state.value)));
    if (stringified.error !== undefined) {
      this.#logError("Error attempting to JSON serialize return value", stringified.error);
      return exception("error attempting to JSON serialize return value");
    }
    if (context.typeof(stringified.value) !== "string") {
      return exception("unserializable return value");
    }
    return { type: "ok", data: json.readJson(stringified.value) };
  }

  #reportThrown(error: QuickJSHandle): Outcome {
    const shown = this.#show(error);
    // Depending on where the interruption hits, QuickJS may throw something else.
    const isOther = this.#runtime.wasInterrupted && !shown.startsWith(INTERRUPTED);
    return exception(reportException(isOther ? INTERRUPTED : shown, this.#mapFrame));
  }

  #logError(what: string, error: QuickJSHandle): void {
    this.#log("ERROR", `${what}:\n${this.#show(error)}`);
  }

  #show(error: QuickJSHandle): string {
    // Showing the error runs JavaScript, too, for which there may be no time left.
    this.#runtime.extendTime();
    return this.#runtime.show(error);
  }
}
