import { Deadlines } from "../common/deadlines.ts";
import { JSockDClientError } from "../common/errors.ts";
import { Latencies, type LatencySummary } from "./latencies.ts";
import type { CommandRunner, CommonRunOptions } from "./command_methods.ts";
import { Command, type RawMessageHandler } from "../server/command.ts";
import { ISOLATED_ID_PREFIX } from "../protocol/commands.ts";
import { LargeParameter } from "../server/large_parameter.ts";
import { QueryHistory } from "../server/query_history.ts";
import type { ReloadableServer } from "../server/reloadable_server.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** Creates commands, submits them to the server, times them out, and counts their outcomes. */
export class Runner implements CommandRunner {
  readonly #server: ReloadableServer;
  readonly #telemetry: Telemetry | undefined;
  readonly #deadlines = new Deadlines<Command>((command, milliseconds) =>
    command.reject(timedOut(milliseconds))
  );
  readonly #history = new QueryHistory();
  readonly #isolatedHistory = new QueryHistory();
  readonly #latencies = new Latencies();
  readonly #onEnd = (command: Command) => {
    command.deadline?.delete();
    if (command.state === "fulfilled") {
      this.#completed++;
      this.#latencies.add(command.latencyMs);
    } else {
      this.#failed++;
    }
  };
  #submitted = 0;
  #completed = 0;
  #failed = 0;

  /** Creates a runner for a server. The `timeoutUs` of its configuration is the default timeout. */
  constructor(server: ReloadableServer, telemetry: Telemetry | undefined) {
    this.#server = server;
    this.#telemetry = telemetry;
  }

  get maxInFlight(): number {
    const { nThreads, maxPipelineDepth } = this.#server.config;
    return nThreads * maxPipelineDepth;
  }

  /** The number of commands that had a result. */
  get completed(): number {
    return this.#completed;
  }

  /** The number of commands that rejected. */
  get failed(): number {
    return this.#failed;
  }

  /** The latencies of the latest commands. */
  get latency(): LatencySummary {
    return this.#latencies.summary();
  }

  /**
   * Runs a command. Resolves to what `parse` makes of its result, which is JSON text.
   *
   * A timeout or an aborted signal rejects the command at once, wherever it is. A queued command
   * leaves the queue and is never sent. A command in flight keeps its place until the server
   * answers, and the late answer is dropped: the protocol has no way to cancel it.
   *
   * @throws {JSockDClientError} `CONFIG` if the command is to be isolated, and the server cannot do
   * that; `INVALID_COMMAND` if query or parameter cannot be sent.
   */
  run<Result>(
    query: string,
    paramJson: string,
    parse: (resultJson: string) => Result,
    messageHandler: RawMessageHandler | undefined,
    {
      signal,
      timeoutUs = this.#server.config.timeoutUs,
      idempotent = false,
      isolated = this.#server.config.isolated,
    }: CommonRunOptions,
  ): Promise<Result> {
    signal?.throwIfAborted();
    if (isolated) this.#server.requireIsolation();
    const calledAt = performance.now();
    const number = String(this.#submitted++);
    const large = LargeParameter.of(query, paramJson, this.#server.config.maxParamBytes);
    const history = isolated ? this.#isolatedHistory : this.#history;
    const command = new Command({
      id: isolated ? ISOLATED_ID_PREFIX + number : number,
      history: history.of(large?.query ?? query),
      paramJson: large?.paramJson ?? paramJson,
      calledAt,
      parse,
      onEnd: this.#onEnd,
      idempotent,
      largeParameter: large,
      messageHandler,
    });
    command.observer = this.#telemetry?.observe(query, command.result);
    this.#server.submit(command);
    // If the client is closed or out of restarts, submit() has rejected the command already.
    if (command.state === "pending") {
      command.deadline = this.#deadlines.set(command, timeoutUs / 1000, calledAt);
      if (signal !== undefined) rejectOnAbort(command, signal);
    }
    return command.result as Promise<Result>;
  }

  /** Deletes the deadlines of all commands. The server rejects the commands when it closes. */
  close(): void {
    this.#deadlines.close();
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
    `Cannot get a result within ${
      Math.round(milliseconds * 1000)
    } µs: the server has not answered; raise timeoutUs, or nThreads if commands queue up`,
  );
}
