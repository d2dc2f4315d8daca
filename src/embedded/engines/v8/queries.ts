import { Script } from "node:vm";
import type { Realm } from "./realm.ts";

/** The source name of queries in stack traces. */
const SOURCE_NAME = "<buffer>";

/** The size of jsockd's cache. */
const MAX_CACHED = 1000;

/** The value of a query. */
export interface Callee {
  /** A function, or a promise of one, if the query is valid. */
  readonly value: unknown;
  /** Whether the value is a promise because the query has a top-level `await`. */
  readonly awaited: boolean;
}

/** Evaluates queries in a realm, and caches functions by the text of their query. */
export class Queries {
  readonly #realm: Realm;
  readonly #cache = new Map<string, Callee>();

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /**
   * Evaluates a query, or returns the cached function.
   *
   * @throws A `SyntaxError` if it does not compile, or whatever the query throws.
   */
  evaluate(query: string): Callee {
    const cached = this.#cache.get(query);
    if (cached !== undefined) return cached;
    const awaited = hasTopLevelAwait(query);
    // A script cannot have a top-level await, so an async function has to wrap the query.
    const source = awaited ? `(async () => (${query}\n))()` : query;
    const callee = { value: this.#realm.run(source, SOURCE_NAME), awaited };
    if (isFunctionExpression(query, callee.value)) this.#store(query, callee);
    return callee;
  }

  #store(query: string, callee: Callee): void {
    this.#cache.set(query, callee);
    if (this.#cache.size <= MAX_CACHED) return;
    const [oldest] = this.#cache.keys();
    this.#cache.delete(oldest!);
  }
}

/**
 * Returns whether a query has an `await` outside of its functions. In a script, `await` there is an
 * ordinary identifier. In a static block it is reserved, so such a query does not compile in one.
 */
function hasTopLevelAwait(query: string): boolean {
  return /\bawait\b/.test(query) && !compiles(`(class { static { (${query}\n); } })`) &&
    compiles(`(async () => (${query}\n))`);
}

function compiles(source: string): boolean {
  try {
    new Script(source);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns whether the query is nothing but a function expression, whose value can be cached. Any other
 * query may have side effects, so it has to be evaluated for each command.
 */
function isFunctionExpression(query: string, value: unknown): boolean {
  if (typeof value !== "function") return false;
  const text = Function.prototype.toString.call(value);
  return query === text || query === `(${text})`;
}
