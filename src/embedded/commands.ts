import { type QuickJSHandle, Scope } from "quickjs-emscripten-core";
import { type MapFrame, reportException, UNINITIALIZED } from "./exceptions.ts";
import type { Log } from "./log.ts";
import type { Runtime } from "./runtime.ts";

/** How a command ended: the type and the JSON of its record. */
export interface Outcome {
  readonly type: "ok" | "exception";
  readonly data: string;
}

const QUERY_SOURCE_NAME = "<buffer>";

/** QuickJS's flag for `await` at the top of a script; the library has no name for it. */
const EVALUATE_ASYNC = 1 << 7;

const MAX_CACHED_QUERIES = 1000;

/** Runs commands in a runtime. */
export class CommandRunner {
  readonly #runtime: Runtime;
  readonly #module: QuickJSHandle;
  readonly #log: Log;
  readonly #mapFrame: MapFrame | undefined;
  readonly #functions = new Map<string, QuickJSHandle>();

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
  }

  /** How many compiled queries are kept. */
  get cachedQueries(): number {
    return this.#functions.size;
  }

  /** Runs a command. What QuickJS itself cannot survive is thrown; the runtime is of no use then. */
  run(query: string, param: string): Outcome {
    using scope = new Scope();
    this.#runtime.startClock();
    const compiled = this.#functions.get(query) ?? this.#compile(query);
    if (compiled === undefined) return exception("error compiling command");

    this.#runtime.startClock();
    const { context, json } = this.#runtime;
    const parsed = scope.manage(json.parse(param));
    if (parsed.error !== undefined) {
      this.#logError("JSON parse exception", parsed.error);
      return exception("JSON input parse error");
    }
    const called = scope.manage(
      context.callFunction(compiled, context.null, this.#module, parsed.value),
    );
    if (called.error !== undefined) return this.#thrown(called.error);
    const state = this.#runtime.settle(called.value);
    if (state.type === "pending") return exception(reportException(UNINITIALIZED, this.#mapFrame));
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

  /** Evaluates a query; undefined if it does not compile or throws. */
  #compile(query: string): QuickJSHandle | undefined {
    using scope = new Scope();
    const { context } = this.#runtime;
    const evaluated = scope.manage(context.evalCode(query, QUERY_SOURCE_NAME, EVALUATE_ASYNC));
    if (evaluated.error !== undefined) {
      this.#logError("Exception compiling buffer", evaluated.error);
      return undefined;
    }
    const state = this.#runtime.settle(evaluated.value);
    if (state.type === "pending") return undefined;
    if (state.type === "rejected") {
      this.#logError("Exception compiling buffer", scope.manage(state.error));
      return undefined;
    }
    const compiled = context.getProp(scope.manage(state.value), "value");
    this.#keep(query, compiled);
    return compiled;
  }

  #keep(query: string, compiled: QuickJSHandle): void {
    this.#functions.set(query, compiled);
    if (this.#functions.size <= MAX_CACHED_QUERIES) return;
    const [oldest, unused] = this.#functions.entries().next().value!;
    this.#functions.delete(oldest);
    unused.dispose();
  }

  #thrown(error: QuickJSHandle): Outcome {
    // Time may be up already, and what shows the error is JavaScript as well.
    this.#runtime.startClock();
    return exception(reportException(this.#runtime.show(error), this.#mapFrame));
  }

  #logError(what: string, error: QuickJSHandle): void {
    this.#runtime.startClock();
    this.#log("ERROR", `${what}:\n${this.#runtime.show(error)}`);
  }
}

function exception(data: unknown): Outcome {
  return { type: "exception", data: JSON.stringify(data) };
}
