import { delay } from "@std/async/delay";
import type { JSockDConfig, ServerCommand } from "../config/config.ts";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import type { Emit, ServerReady, ServerState } from "./events.ts";
import type { Command } from "./command.ts";
import type { Counters } from "./counters.ts";
import type { ClientHealth, ThreadHealth } from "./health.ts";
import { isSandboxed } from "../sandbox/inside.ts";
import { Dispatcher } from "./dispatcher.ts";
import { ServerInstance } from "./instance.ts";
import type { LogSink } from "./logging.ts";
import { RestartBudget } from "./restart_budget.ts";
import type { SocketLease } from "./socket_folder.ts";

/** The clock is looked at so often while restarts are suspended: it may stand still meanwhile. */
const LONGEST_WAIT_MS = 500;

/**
 * Resolves to the command that starts the server. Called before each start, so that a downloaded
 * server is verified each time.
 */
export type ServerLocator = (signal: AbortSignal) => Promise<ServerCommand>;

/** How to create a supervisor. */
export interface SupervisorOptions {
  readonly config: JSockDConfig;
  readonly locateServer: ServerLocator;
  readonly leaseSockets: () => SocketLease;
  readonly log: LogSink;
  readonly counters: Counters;
  readonly emit: Emit;
}

/**
 * Keeps a server running from start to close, and restarts it when it ends. Forwards commands to
 * its dispatcher, which outlives the server: queued commands wait for the next one.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #dispatcher: Dispatcher;
  readonly #budget: RestartBudget;
  /** Aborted when no further server must be started. */
  readonly #closing = new AbortController();
  /** The present server, or the last one if there is none. */
  #instance!: ServerInstance;
  /** The ends of the servers that run. */
  readonly #ends = new Map<ServerInstance, Promise<string>>();
  /** How the last server ended. */
  #lastEnd = "it has ended";
  #supervision!: Promise<void>;
  #closed: Promise<void> | undefined;
  /** The reason to reject all commands while there is no server and none is being started. */
  #refusal: JSockDClientError | undefined;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#dispatcher = new Dispatcher(options.config.maxPipelineDepth, options.counters);
    this.#budget = new RestartBudget(options.config.maxRestartsPerMinute);
  }

  /**
   * Starts a server.
   *
   * @param signal Aborts the start.
   * @throws {JSockDClientError} As {@linkcode ServerInstance.start}, or what the locator throws.
   * Nothing that was started is left then.
   */
  static async start(options: SupervisorOptions, signal: AbortSignal): Promise<Supervisor> {
    const supervisor = new Supervisor(options);
    const abort = () => supervisor.#closing.abort(signal.reason);
    signal.addEventListener("abort", abort);
    try {
      await supervisor.#startFirst();
    } finally {
      signal.removeEventListener("abort", abort);
    }
    supervisor.#supervision = supervisor.#supervise(supervisor.#instance);
    return supervisor;
  }

  /** The present server, or the last one if there is none. */
  get ready(): ServerReady {
    const { pid, version, connections } = this.#instance;
    return { pid, version, threads: connections.length };
  }

  /** Whether there is a server. */
  get serverState(): ServerState {
    if (this.#refusal === undefined) {
      return this.#ends.has(this.#instance) ? "running" : "restarting";
    }
    return this.#budget.perMinute > 0 && !this.#closing.signal.aborted ? "suspended" : "ended";
  }

  /**
   * Returns whether the server answers. Never rejects.
   *
   * @param milliseconds How long to wait for the threads.
   */
  async health(milliseconds: number): Promise<ClientHealth> {
    const { connections } = this.#instance;
    const threads = await Promise.all(connections.map((thread) => thread.health(milliseconds)));
    const { serverState } = this;
    if (serverState === "running") {
      const healthy = threads.every(({ status }) => status === "ok" || status === "busy");
      return { healthy, serverState, threads };
    }
    const reason = this.#refusal?.message ?? `The server is being restarted: ${this.#lastEnd}`;
    const down = ({ index }: ThreadHealth) => ({ index, status: "down" as const, reason });
    return { healthy: false, serverState, reason, threads: threads.map(down) };
  }

  /** The number of queued commands. */
  get queued(): number {
    return this.#dispatcher.queued;
  }

  /** The number of commands in flight. */
  get inFlight(): number {
    return this.#dispatcher.inFlight;
  }

  /** Sends a command to the server, or queues it; rejects it if there will be no server. */
  submit(command: Command): void {
    if (this.#refusal === undefined) this.#dispatcher.submit(command);
    else command.reject(this.#refusal);
  }

  /**
   * Ends the server once its commands in flight have settled. Queued commands, and those that must
   * be sent again, go to `successor`.
   */
  async retire(successor: (command: Command) => void): Promise<void> {
    this.#closing.abort();
    await this.#dispatcher.retire(successor);
    await this.close();
  }

  /** Rejects all commands and ends the server. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#refuse(new JSockDClientError("CLOSED", "Cannot run the command: the client is closed"));
    this.#closing.abort();
    await this.#stopAll();
    await this.#supervision;
    await this.#stopAll();
  }

  async #stopAll(): Promise<void> {
    await Promise.all(Array.from(this.#ends.keys(), (instance) => instance.stop()));
    await Promise.all(this.#ends.values());
  }

  #refuse(reason: JSockDClientError): void {
    this.#refusal = reason;
    this.#dispatcher.rejectAll(reason);
  }

  /** Restarts a first server that a signal killed. One that exited by itself would do so again. */
  async #startFirst(): Promise<void> {
    try {
      this.#instance = await this.#start();
    } catch (error) {
      if (!wasKilled(error)) throw error;
      const instance = await this.#restart(error.message, false);
      if (instance === undefined) throw error;
      this.#instance = instance;
    }
  }

  /** Sends commands to one server after the other, until there are no more of them. */
  async #supervise(first: ServerInstance): Promise<void> {
    for (let instance: ServerInstance | undefined = first; instance !== undefined;) {
      if (this.#closing.signal.aborted) return await instance.stop();
      this.#dispatcher.connect(instance.connections);
      const ended = this.#followToEnd(instance);
      if (instance !== first) this.#options.emit("ready", this.ready);
      instance = await this.#successorOf(instance, ended);
    }
  }

  /** Waits until a server ends, or is about to, and starts the next one. */
  async #successorOf(
    instance: ServerInstance,
    ended: Promise<string>,
  ): Promise<ServerInstance | undefined> {
    const condemned = await Promise.race([instance.condemned, ended.then(() => undefined)]);
    const replacement = condemned && await this.#replace(instance, condemned);
    return replacement || await this.#restart(await ended);
  }

  /** Gives up the commands of a server when it ends. Resolves to how it ended. */
  #followToEnd(instance: ServerInstance): Promise<string> {
    const follow = async () => {
      const { status: { code, signal }, description, ranAhead } = await instance.ended;
      const reason = `the server ended with ${description}`;
      this.#ends.delete(instance);
      this.#dispatcher.disconnect(
        instance.connections,
        new JSockDClientError(
          "SERVER_EXITED",
          `Cannot tell whether the command was run: ${reason}; if it may run twice, run it ` +
            "with idempotent: true",
        ),
        ranAhead,
      );
      if (this.#refusal !== undefined) this.#dispatcher.rejectAll(this.#refusal);
      this.#options.emit("exit", { pid: instance.pid, code, signal, reason });
      return reason;
    };
    const end = follow();
    this.#ends.set(instance, end);
    return end;
  }

  /**
   * Starts a server to replace one that is about to be killed. That one gets no more commands, and
   * is stopped if those in flight there settle before. Resolves to undefined if it is not replaced.
   */
  async #replace(instance: ServerInstance, reason: string): Promise<ServerInstance | undefined> {
    // A server that has shown that it can work was not at fault: one of the commands was. But those
    // that never work must not follow each other for ever.
    const allowed = this.#budget.perMinute > 0 && (instance.proven || this.#budget.take());
    if (!allowed || this.#closing.signal.aborted) return undefined;
    const drained = this.#dispatcher.drain();
    try {
      const next = await this.#startNext(reason);
      void drained.then(() => instance.stop());
      return next;
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      this.#logWarning(`Cannot replace the server: ${messageOf(error)}`);
      if (this.#ends.has(instance)) this.#dispatcher.connect(instance.connections);
      return undefined;
    }
  }

  /**
   * Starts a server to replace one that ended. If the restarts are used up, waits until there is one
   * again. Resolves to undefined if there will be no server.
   */
  async #restart(reason: string, mayWait = true): Promise<ServerInstance | undefined> {
    while (!this.#closing.signal.aborted) {
      if (!this.#budget.take()) {
        if (mayWait && this.#budget.perMinute > 0) {
          await this.#suspend(reason);
          continue;
        }
        this.#refuse(this.#usedUp(reason));
        return undefined;
      }
      try {
        return await this.#startNext(reason, this.#budget.pauseMs);
      } catch (error) {
        reason = messageOf(error);
      }
    }
    return undefined;
  }

  /** Rejects all commands until a restart may be tried. Does not keep the program running. */
  async #suspend(reason: string): Promise<void> {
    const { signal } = this.#closing;
    this.#budget.suspend();
    const retryMs = this.#budget.suspendedMs;
    const retryAt = Temporal.Now.instant().add({ milliseconds: Math.ceil(retryMs) });
    this.#refuse(this.#usedUp(reason, `; the next restart is at ${retryAt}`));
    this.#logWarning(`Restarts are used up until ${retryAt}: ${reason}`);
    this.#options.emit("suspend", { reason, retryMs });
    while (this.#budget.suspendedMs > 0 && !signal.aborted) {
      const milliseconds = Math.min(this.#budget.suspendedMs, LONGEST_WAIT_MS);
      await delay(milliseconds, { signal, persistent: false }).catch(() => {});
    }
  }

  #usedUp(reason: string, next = ""): JSockDClientError {
    return new JSockDClientError(
      "SERVER_EXITED",
      `Cannot run the command: ${reason}, after ${this.#budget.spent} restarts within a minute; ` +
        `maxRestartsPerMinute is ${this.#budget.perMinute}, raise it or call reload()${next}`,
    );
  }

  async #startNext(reason: string, pauseMs = 0): Promise<ServerInstance> {
    this.#lastEnd = reason;
    this.#logWarning(`Restarting: ${reason}`);
    this.#options.emit("restart", { reason });
    await delay(pauseMs, { signal: this.#closing.signal });
    this.#instance = await this.#start();
    if (!this.#closing.signal.aborted) this.#refusal = undefined;
    this.#options.counters.restarts++;
    return this.#instance;
  }

  async #start(): Promise<ServerInstance> {
    const { signal } = this.#closing;
    const jsockdExec = await this.#options.locateServer(signal);
    try {
      return await ServerInstance.start({ ...this.#options, jsockdExec, signal });
    } catch (error) {
      if (!isSandboxed(jsockdExec)) throw error;
      const { explainSandboxFailure } = await import("../sandbox/failures.ts");
      throw explainSandboxFailure(error, jsockdExec);
    }
  }

  #logWarning(message: string): void {
    this.#options.log({ timestamp: Temporal.Now.instant(), level: "WARN", message });
  }
}

function wasKilled(error: unknown): error is JSockDClientError {
  return error instanceof JSockDClientError && (error.cause as Deno.CommandStatus)?.signal != null;
}
