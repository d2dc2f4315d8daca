import { Script } from "node:vm";
import type { Realm } from "./realm.ts";

/** The name that stack traces give to queries. */
const SOURCE_NAME = "<buffer>";

/** As many as jsockd keeps. */
const MAX_KEPT = 1000;

/** What a query evaluates to. */
export interface Callee {
  /** A function, if the query is as it should be; or a promise of one. */
  readonly value: unknown;
  /** Whether the value is a promise, because there is an `await` in the query. */
  readonly awaited: boolean;
}

/** The queries of a realm, by their text. */
export class Queries {
  readonly #realm: Realm;
  readonly #kept = new Map<string, Callee>();

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /**
   * Evaluates a query.
   *
   * @throws What it throws; a `SyntaxError` if it does not compile.
   */
  evaluate(query: string): Callee {
    const kept = this.#kept.get(query);
    if (kept !== undefined) return kept;
    const awaited = awaits(query);
    // A script cannot await; an asynchronous function around it can.
    const source = awaited ? `(async () => (${query}\n))()` : query;
    const callee = { value: this.#realm.run(source, SOURCE_NAME), awaited };
    if (isFunctionText(query, callee.value)) this.#keep(query, callee);
    return callee;
  }

  #keep(query: string, callee: Callee): void {
    this.#kept.set(query, callee);
    if (this.#kept.size <= MAX_KEPT) return;
    const [oldest] = this.#kept.keys();
    this.#kept.delete(oldest!);
  }
}

/**
 * Whether a query awaits something itself, outside of the functions in it. In a script that would be the
 * name of a variable; where that is reserved, only such a query is refused.
 */
function awaits(query: string): boolean {
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
 * Whether the query is a function and nothing else. It would give an equal function every time; any
 * other query may have effects, and has to be evaluated for each command.
 */
function isFunctionText(query: string, value: unknown): boolean {
  if (typeof value !== "function") return false;
  const text = Function.prototype.toString.call(value);
  return query === text || query === `(${text})`;
}
