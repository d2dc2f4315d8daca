import type { QuickJSHandle, Scope } from "quickjs-emscripten-core";
import type { Runtime } from "./runtime.ts";

/** The source name of queries in stack traces. */
const SOURCE_NAME = "<buffer>";

/**
 * The flag of QuickJS that allows top-level `await` in a script. The library has no name for it.
 */
const EVALUATE_ASYNC = 1 << 7;

const MAX_CACHED = 1000;

/** Evaluates queries, and caches those that are functions. */
export class Queries {
  readonly #runtime: Runtime;
  readonly #toText: QuickJSHandle;
  readonly #cache = new Map<string, QuickJSHandle>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const { context } = runtime;
    this.#toText = context.unwrapResult(context.evalCode("Function.prototype.toString"));
  }

  /** The number of queries in the cache. */
  get cachedCount(): number {
    return this.#cache.size;
  }

  /** Empties the cache without disposing of its values, which no longer exist. */
  forget(): void {
    this.#cache.clear();
  }

  /**
   * Evaluates a query.
   *
   * @param scope Disposes of the value or the error.
   * @returns The value, or the error that was thrown; neither if the query awaits for ever.
   */
  evaluate(query: string, scope: Scope): { value?: QuickJSHandle; error?: QuickJSHandle } {
    const cached = this.#cache.get(query);
    if (cached !== undefined) return { value: cached };
    const { context } = this.#runtime;
    const result = scope.manage(context.evalCode(query, SOURCE_NAME, EVALUATE_ASYNC));
    if (result.error !== undefined) return { error: result.error };
    const state = this.#runtime.settle(result.value);
    if (state.type === "pending") return {};
    if (state.type === "rejected") return { error: scope.manage(state.error) };
    // With top-level await, QuickJS wraps the value in an object, so that a promise is not awaited.
    const value = scope.manage(context.getProp(scope.manage(state.value), "value"));
    if (this.#isFunctionText(query, value)) this.#store(query, value.dup());
    return { value };
  }

  /**
   * Returns whether the query is the text of a function and nothing else. Such a query evaluates to
   * an equal function every time. Any other query may have effects, and is evaluated for each
   * command.
   */
  #isFunctionText(query: string, value: QuickJSHandle): boolean {
    const { context } = this.#runtime;
    using text = context.callFunction(this.#toText, value);
    if (text.error !== undefined) return false;
    const functionText = context.getString(text.value);
    return query === functionText || query === `(${functionText})`;
  }

  #store(query: string, value: QuickJSHandle): void {
    this.#cache.set(query, value);
    if (this.#cache.size <= MAX_CACHED) return;
    const [oldest, unused] = this.#cache.entries().next().value!;
    this.#cache.delete(oldest);
    unused.dispose();
  }
}
