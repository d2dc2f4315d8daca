import type { JSockDClient } from "../client/client.ts";
import { JSockDClientError } from "../common/errors.ts";
import { type NamedCall, queryOf } from "./named_call.ts";
import type { RequestLine } from "./wire.ts";

/** Lists the functions that the module exports, whether it is a namespace or an object. */
const LIST = `(module) => Object(module) === module
  ? Object.keys(module).filter((name) => typeof module[name] === "function")
  : []`;

/** The exports of a client's module, which a worker runs by name. */
export class Exports {
  readonly #client: JSockDClient;
  readonly #namedOnly: boolean;
  /** The queries that call an export, without and with the parameter, by its name. */
  #queries = new Map<string, readonly [string, string]>();

  private constructor(client: JSockDClient, namedOnly: boolean) {
    this.#client = client;
    this.#namedOnly = namedOnly;
  }

  /**
   * Asks a client for the exports of its module.
   *
   * @param namedOnly Whether nothing but exports may run.
   * @throws {JSockDClientError} `CONFIG` if nothing but exports may run, and there are none.
   */
  static async of(client: JSockDClient, namedOnly: boolean): Promise<Exports> {
    const exports = new Exports(client, namedOnly);
    await exports.refresh();
    if (namedOnly && exports.names.length === 0) {
      throw new JSockDClientError(
        "CONFIG",
        "Cannot serve a client whose module exports no functions: give it a module " +
          "(bytecodeModuleFile), or allow code from NATS with namedOnly: false",
      );
    }
    return exports;
  }

  /** The names of the exports. */
  get names(): string[] {
    return [...this.#queries.keys()];
  }

  /** Asks again, after the client has another module. */
  async refresh(): Promise<void> {
    const names = await this.#client.run<string[]>(LIST);
    this.#queries = new Map(names.map((name) => [name, [
      queryOf({ name, hasParam: false }),
      queryOf({ name, hasParam: true }),
    ]]));
  }

  /**
   * Returns the query for a request.
   *
   * @throws {JSockDClientError} `INVALID_COMMAND` if it must not run here.
   */
  queryFor({ call, query }: RequestLine): string {
    if (call !== undefined) return this.#queryOf(call);
    if (!this.#namedOnly) return query!;
    throw new JSockDClientError(
      "INVALID_COMMAND",
      "Cannot run code on this worker: it runs the exports of its module by name. Write " +
        `(module, param) => module.name(param) and nothing else, or start the worker with ` +
        "namedOnly: false (--allow-code)",
    );
  }

  #queryOf({ name, hasParam }: NamedCall): string {
    const queries = this.#queries.get(name);
    if (queries !== undefined) return queries[hasParam ? 1 : 0];
    const known = this.names.slice(0, 20).join("', '");
    throw new JSockDClientError(
      "INVALID_COMMAND",
      `Cannot call '${
        name.slice(0, 100)
      }': the module of the worker does not export such a function; ` +
        `it exports '${known}'`,
    );
  }
}
