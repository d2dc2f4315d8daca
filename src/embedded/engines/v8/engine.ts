import { getHeapStatistics } from "node:v8";
import { withoutWrites } from "../console.ts";
import {
  type Engine,
  type EngineHost,
  type EngineOptions,
  exception,
  logInterruption,
  type MemoryUsage,
  type Outcome,
  SHARED_GUARD_MS,
} from "../engine.ts";
import { type MapFrame, reportException } from "../exceptions.ts";
import { frameMapper } from "../source_map.ts";
import { STATUS } from "./guest/commands.ts";
import { GrowthWatch } from "./growth.ts";
import { loadModule } from "./modules.ts";
import { type Callee, Queries } from "./queries.ts";
import { Realm } from "./realm.ts";

/** What all V8 engines of a server share. It can be sent to a worker. */
export interface V8Parts {
  /** The source text of the Web Streams polyfill. */
  readonly webStreams: string;
}

/** The exception that QuickJS throws at the time limit. */
const INTERRUPTED = "InternalError: interrupted";

/** The exception that QuickJS reports for a promise that can never settle. */
const UNINITIALIZED = "uninitialized";

/**
 * The time before the limit, in milliseconds, in which work must not return. Another thread requests
 * V8's interrupt. A request just after the work returned would interrupt whatever runs next.
 */
const MARGIN_MS = 3;

/** Runs commands on V8 in the current thread. */
export class V8Engine implements Engine {
  #realm: Realm;
  #queries: Queries;
  readonly #module: unknown;
  readonly #mapFrame: MapFrame | undefined;
  readonly #options: EngineOptions;
  readonly #newRealm: () => Realm;
  readonly #log: EngineHost["log"];
  /** V8 collects what it needs to. */
  readonly isLarge = false;
  readonly #growth = new GrowthWatch(() => this.memoryUsage().size);
  /** Whether the text of a query is being evaluated, rather than its function called. */
  #evaluating = false;
  #worn = false;

  private constructor(
    realm: Realm,
    module: unknown,
    options: EngineOptions,
    newRealm: () => Realm,
    log: EngineHost["log"],
  ) {
    this.#realm = realm;
    this.#queries = new Queries(realm);
    this.#module = module;
    this.#mapFrame = createMapFrame(options);
    this.#options = options;
    this.#newRealm = newRealm;
    this.#log = log;
  }

  /**
   * Creates an engine and loads the module.
   *
   * @throws {LoadError} If the module does not compile, throws, or does not finish loading.
   */
  static async create(
    { webStreams }: V8Parts,
    options: EngineOptions,
    host: EngineHost,
  ): Promise<V8Engine> {
    const newRealm = () => new Realm(host, webStreams);
    const realm = newRealm();
    const { module } = options;
    const namespace = module && await loadModule(realm, module, createMapFrame(options));
    return new V8Engine(realm, namespace, options, newRealm, host.log);
  }

  get worn(): boolean {
    return this.#worn;
  }

  guard(work: () => void): boolean {
    const limitMs = Math.ceil(this.#options.maxRuntimeUs / 1000) + SHARED_GUARD_MS + 2 * MARGIN_MS;
    const start = performance.now();
    let returned = false;
    try {
      this.#realm.enter(() => {
        work();
        returned = true;
        // Waits for the imminent interrupt, so that it cannot hit other code.
        while (performance.now() - start > limitMs - MARGIN_MS);
      }, limitMs);
      return true;
    } catch (error) {
      if (returned || performance.now() - start >= limitMs) return false;
      throw error;
    }
  }

  call(query: string, param: string): Outcome | undefined {
    let callee: Callee;
    this.#checkGrowth();
    this.#evaluating = true;
    try {
      callee = this.#queries.evaluate(query);
      this.#evaluating = false;
    } catch (error) {
      return this.#refuseQuery(this.#realm.commands.show(error));
    }
    const { commands } = this.#realm;
    const run = callee.awaited ? commands.runAwaited : commands.run;
    return this.#outcome(run(callee.value, this.#module, param));
  }

  settled(): Outcome {
    const status = this.#realm.commands.status();
    if (status === STATUS.pendingQuery) return exception("error compiling command");
    return this.#outcome(status) ?? exception(reportException(UNINITIALIZED));
  }

  interrupted(elapsedMs: number): Outcome {
    logInterruption(this.#log, elapsedMs, this.#options.maxRuntimeUs);
    return exception(this.#evaluating ? "error compiling command" : reportException(INTERRUPTED));
  }

  memoryUsage(): MemoryUsage {
    const { used_heap_size, external_memory } = getHeapStatistics();
    return { size: used_heap_size + external_memory, count: 0 };
  }

  /** Takes another realm. It returns false if there is a module, because that loads asynchronously. */
  renew(): boolean {
    if (this.#options.module !== undefined) return false;
    this.#realm = this.#newRealm();
    this.#queries = new Queries(this.#realm);
    return true;
  }

  #outcome(status: number): Outcome | undefined {
    switch (status) {
      case STATUS.pending:
      case STATUS.pendingQuery:
        return undefined;
      case STATUS.ok:
        return { type: "ok", data: this.#realm.commands.text() };
      case STATUS.badQuery:
        return this.#refuseQuery(this.#realm.commands.text());
      case STATUS.badParameter:
        this.#logError("JSON parse exception", this.#realm.commands.text());
        return exception("JSON input parse error");
      case STATUS.nothing:
        return exception("unserializable return value");
      case STATUS.notJson:
        this.#logError(
          "Error attempting to JSON serialize return value",
          this.#realm.commands.text(),
        );
        return exception("error attempting to JSON serialize return value");
      default:
        return exception(
          reportException(withoutWrites(this.#realm.commands.text()), this.#mapFrame),
        );
    }
  }

  #refuseQuery(shown: string): Outcome {
    this.#logError("Exception compiling buffer", shown);
    return exception("error compiling command");
  }

  #checkGrowth(): void {
    const growth = this.#growth.growth();
    if (growth === undefined) return;
    this.#log(
      "ERROR",
      `Memory usage has increased by ${growth} MiB. Resetting interpreter state.`,
    );
    this.#worn = true;
  }

  #logError(what: string, shown: string): void {
    this.#log("ERROR", `${what}:\n${withoutWrites(shown)}`);
  }
}

function createMapFrame({ module, sourceMap }: EngineOptions): MapFrame | undefined {
  return module === undefined || sourceMap === undefined
    ? undefined
    : frameMapper(sourceMap, module.name);
}
