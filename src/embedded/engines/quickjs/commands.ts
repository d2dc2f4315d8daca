import { type QuickJSHandle, Scope } from "quickjs-emscripten-core";
import { type MapFrame, reportException } from "../exceptions.ts";
import { Queries } from "./queries.ts";
import type { Runtime } from "./runtime.ts";
import { exception, type Log, type Outcome } from "../engine.ts";

/** What QuickJS gives as the exception of a promise that can never settle. */
const UNINITIALIZED = "uninitialized";

/** What QuickJS throws when time is up. */
const INTERRUPTED = "InternalError: interrupted";

/** Runs commands in a runtime. */
export class CommandRunner {
  readonly #runtime: Runtime;
  readonly #module: QuickJSHandle;
  readonly #log: Log;
  readonly #mapFrame: MapFrame | undefined;
  readonly #queries: Queries;

  /**
   * @param runtime Where the commands run.
   * @param module What they get as their first argument.
   * @param log Takes what is wrong with a command beyond what its record says.
   * @param mapFrame Finds original places, if there is a source map.
   */
  constructor(runtime: Runtime, module: QuickJSHandle, log: Log, mapFrame?: MapFrame) {
    this.#runtime = runtime;
    this.#module = module;
    this.#log = log;
    this.#mapFrame = mapFrame;
    this.#queries = new Queries(runtime);
  }

  /** How many compiled queries are kept. */
  get keptQueries(): number {
    return this.#queries.kept;
  }

  /** Runs a command. What QuickJS itself cannot survive is thrown; the runtime is of no use then. */
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
      this.#logError("JSON parse exception", parsed.error);
      return exception("JSON input parse error");
    }
    const called = scope.manage(
      context.callFunction(callee, context.null, this.#module, parsed.value),
    );
    if (called.error !== undefined) return this.#thrown(called.error);
    const state = this.#runtime.settle(called.value);
    if (state.type === "pending") {
      const shown = this.#runtime.wasInterrupted ? INTERRUPTED : UNINITIALIZED;
      return exception(reportException(shown));
    }
    if (state.type === "rejected") return this.#thrown(scope.manage(state.error));

    const stringified = scope.manage(json.stringify(scope.manage(state.value)));
    if (stringified.error !== undefined) {
      this.#logError("Error attempting to JSON serialize return value", stringified.error);
      return exception("error attempting to JSON serialize return value");
    }
    if (context.typeof(stringified.value) !== "string") {
      return exception("unserializable return value");
    }
    return { type: "ok", data: context.getString(stringified.value) };
  }

  #thrown(error: QuickJSHandle): Outcome {
    const shown = this.#show(error);
    // What is thrown for an interruption depends on where in the engine it hit.
    const isOther = this.#runtime.wasInterrupted && !shown.startsWith(INTERRUPTED);
    return exception(reportException(isOther ? INTERRUPTED : shown, this.#mapFrame));
  }

  #logError(what: string, error: QuickJSHandle): void {
    this.#log("ERROR", `${what}:\n${this.#show(error)}`);
  }

  #show(error: QuickJSHandle): string {
    // Time may be up already, and what shows the error is JavaScript as well.
    this.#runtime.extendTime();
    return this.#runtime.show(error);
  }
}
