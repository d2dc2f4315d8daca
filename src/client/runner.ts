import { Deadlines } from "./deadlines.ts";
import { JSockDClientError } from "../common/errors.ts";
import { Latencies, type LatencySummary } from "./latencies.ts";
import type { RunOptions } from "./run_options.ts";
import { Command, type RawMessageHandler } from "../server/command.ts";
import { QueryHistory } from "../server/query_history.ts";
import type { ReloadableServer } from "../server/reloadable_server.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** Options of a run that do not depend on whether it is of values or of JSON text. */
export type WaitOptions = Pick<RunOptions, "signal" | "timeoutUs">;

/** Makes commands of queries and parameters, limits how long they are waited for, and counts them. */
export class Runner {
  readonly #server: ReloadableServer;
  readonly #telemetry: Telemetry | undefined;
  readonly #deadlines = new Deadlines<Command>((command, milliseconds) =>
    command.reject(timedOut(milliseconds))
  );
  readonly #history = new QueryHistory();
  readonly #latencies = new Latencies();
  #submitted = 0;
  #completed = 0;
  #failed = 0;

  /** Has a server run commands, each for its `timeoutUs` at most unless told otherwise. */
  constructor(server: ReloadableServer, telemetry: Telemetry | undefined) {
    this.#server = server;
    this.#telemetry = telemetry;
  }

  /** Commands that had a result. */
  get completed(): number {
    return this.#completed;
  }

  /** Commands that had none. */
  get failed(): number {
    return this.#failed;
  }

  /** How long the latest commands took. */
  get latency(): LatencySummary {
    return this.#latencies.summary();
  }

  /** Runs a command; gives its result as JSON text. */
  run(
    query: string,
    paramJson: string,
    messageHandler: RawMessageHandler | undefined,
    { signal, timeoutUs = this.#server.config.timeoutUs }: WaitOptions,
  ): Promise<string> {
    signal?.throwIfAborted();
    const start = performance.now();
    const id = (this.#submitted++).toString(36);
    const history = this.#history.of(query);
    const command = new Command({ id, query, history, paramJson, messageHandler });
    command.observer = this.#telemetry?.observe(query, command.result);
    this.#server.submit(command);
    // A client that is closed rejects at once, and then there is nothing to wait for.
    if (command.state === "pending") {
      this.#deadlines.set(command, timeoutUs / 1000, start);
      if (signal !== undefined) rejectOnAbort(command, signal);
    }
    command.onSettled(() => {
      this.#deadlines.delete(command, timeoutUs / 1000);
      this.#count(command, start);
    });
    return command.result;
  }

  /** Stops waiting for anything. */
  close(): void {
    this.#deadlines.close();
  }

  #count(command: Command, start: number): void {
    if (command.state === "rejected") {
      this.#failed++;
    } else {
      this.#completed++;
      this.#latencies.add(performance.now() - start);
    }
  }
}

function rejectOnAbort(command: Command, signal: AbortSignal): void {
  const abort = () => command.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  command.onSettled(() => signal.removeEventListener("abort", abort));
}

function timedOut(milliseconds: number): JSockDClientError {
  return new JSockDClientError(
    "TIMEOUT",
    `Cannot wait longer for the command: it had no answer within ${
      Math.round(milliseconds * 1000)
    } µs`,
  );
}
