import { ISOLATED_ID_PREFIX } from "../../protocol/commands.ts";
import { INTERNAL_ERROR, MAX_FIELD_BYTES, MAX_ID_BYTES } from "../../protocol/limits.ts";
import { type CommandRecord, type ControlRecord, encodeRecord } from "../../protocol/records.ts";
import {
  type Engine,
  exception,
  type Log,
  MessageError,
  type Outcome,
  SHARED_GUARD_MS,
} from "../engines/engine.ts";
import type { RingWriter } from "./ring_writer.ts";
import type { CommandRequest, Requests } from "./requests.ts";
import type { RunStatus } from "./run_status.ts";

/**
 * How long records are batched before the main thread is notified, in milliseconds. To wake it, and
 * then the client, costs more than a quick command does. While a slow command delays the
 * notification, the main thread's watchdog finds the records.
 */
const BATCH_MS = 0.25;

const encoder = new TextEncoder();

/** Why {@linkcode Session.serve} returned: it needs a new engine, or the server has to exit. */
export type StopReason = "idle" | "worn" | "isolate" | "quit";

/** The engines of a session. */
export interface SessionEngines {
  /** Runs the commands that share their globals. */
  readonly shared: Engine;
  /** Runs isolated commands. Created when the first one needs it. */
  readonly isolated: Engine | undefined;
}

/** What a session works with. */
export interface SessionOptions {
  readonly requests: Requests;
  /** Takes the records for the client. */
  readonly output: RingWriter;
  /** Shows the main thread whether JavaScript runs. */
  readonly status: RunStatus;
  readonly log: Log;
}

/** A command between its request and its record. */
class RunningCommand {
  readonly request: CommandRequest;
  readonly id: string;
  /** Whether its JavaScript may have started. */
  started = false;
  outcome: Outcome | undefined;

  constructor(request: CommandRequest, id: string) {
    this.request = request;
    this.id = id;
  }
}

/**
 * Serves one client. It outlives the engines in which it runs the client's commands.
 *
 * The engine may interrupt {@linkcode Session.#runCommands} between any two statements, and
 * {@linkcode Session.#recover} continues from there. Therefore each step ends with a single
 * assignment, which shows that the step is done.
 */
export class Session {
  readonly #requests: Requests;
  readonly #output: RingWriter;
  readonly #status: RunStatus;
  readonly #log: Log;
  /** The command that has no record yet. */
  #command: RunningCommand | undefined;
  #startedAt = 0;
  #flushedAt = 0;
  #lastRuntimeMs = 0;

  constructor({ requests, output, status, log }: SessionOptions) {
    this.#requests = requests;
    this.#output = output;
    this.#status = status;
    this.#log = log;
  }

  /**
   * Serves requests until the engine has to be replaced or the client sends `?quit`.
   *
   * @param idleTimeout How long to wait for a request before returning `"idle"`, in milliseconds.
   * @returns `"worn"` if the shared engine has to be replaced, or `"isolate"` if the isolated one is
   * missing or has to be replaced.
   */
  serve({ shared, isolated }: SessionEngines, idleTimeout: number): StopReason {
    for (;;) {
      const request = this.#requests.peek();
      if (request === undefined) {
        this.#flush();
        // A client that has sent a part of a request is not idle.
        const timeout = this.#requests.hasInput ? Infinity : idleTimeout;
        if (!this.#requests.wait(timeout)) return "idle";
      } else if (request.type === "control") {
        this.#requests.take(request);
        const continues = this.#handleControl(request.text, shared);
        this.#flush();
        if (!continues) return "quit";
      } else if (!isIsolated(request)) {
        this.#runGuarded(shared, () => this.#runCommands(shared));
        if (shared.worn) {
          this.#flush();
          return "worn";
        }
      } else {
        if (isolated !== undefined) {
          this.#runGuarded(isolated, () => this.#runIsolated(isolated));
        }
        // The caller need not wait until the engine is renewed.
        this.#flush();
        if (!isolated?.renew()) return "isolate";
      }
    }
  }

  /** Runs one command or more. When this returns, all that were started are answered. */
  #runGuarded(engine: Engine, run: () => void): void {
    do {
      const returned = engine.guard(run);
      this.#status.leaveJavaScript();
      if (!returned) this.#recover(engine);
    } while (this.#command !== undefined && !this.#command.started);
    if (this.#command !== undefined) {
      this.#lastRuntimeMs = performance.now() - this.#startedAt;
      this.#answer(this.#command, engine.settled());
    }
  }

  /**
   * Sends a message of the running command, and blocks until its response arrives.
   *
   * @throws {MessageError} If the client has no response, or sends something else.
   */
  sendMessage(json: string): string {
    return this.outsideJavaScript(() => this.#sendAndReceive(this.#command!.id, json));
  }

  /** Calls a function of the server, during which the status shows that no JavaScript runs. */
  outsideJavaScript<T>(action: () => T): T {
    const wasRunning = this.#status.leaveJavaScript();
    try {
      return action();
    } finally {
      if (wasRunning) this.#status.enterJavaScript(false);
    }
  }

  /** Answers the command that was running in an abandoned worker. */
  answerInterrupted(id: string, outcome: Outcome): void {
    this.#send({ ...outcome, id });
    this.#flush();
  }

  /**
   * Runs commands, until one returns a promise or {@linkcode SHARED_GUARD_MS} pass. It also waits for
   * commands that long, because to start another guard costs more than a quick command does.
   */
  #runCommands(engine: Engine): void {
    let now = performance.now();
    const end = now + SHARED_GUARD_MS;
    do {
      this.#startedAt = now;
      const command = this.#command ?? this.#nextCommand(false);
      if (command === undefined) {
        if (!this.#waitForCommand(end - now)) return;
        now = performance.now();
        continue;
      }
      const outcome = this.#runCommand(command, engine);
      if (outcome === undefined) return;
      this.#answer(command, outcome);
      now = performance.now();
      if (outcome.type === "ok") this.#lastRuntimeMs = now - this.#startedAt;
      if (now - this.#flushedAt > BATCH_MS) this.#flush(now);
    } while (!engine.worn && now < end);
  }

  /** Runs one command. */
  #runIsolated(engine: Engine): void {
    this.#startedAt = performance.now();
    const command = this.#command ?? this.#nextCommand(true);
    if (command === undefined) return;
    const outcome = this.#runCommand(command, engine);
    if (outcome === undefined) return;
    this.#answer(command, outcome);
    if (outcome.type === "ok") this.#lastRuntimeMs = performance.now() - this.#startedAt;
  }

  /** Returns the next request if it is a command of the given kind. */
  #nextCommand(isolated: boolean): RunningCommand | undefined {
    const request = this.#requests.peek();
    if (request?.type !== "command" || isIsolated(request) !== isolated) return undefined;
    this.#command = new RunningCommand(request, this.#truncateId(request.id.text));
    return this.#command;
  }

  /** Blocks until a command may have arrived. Returns false if none did, or another request has. */
  #waitForCommand(timeout: number): boolean {
    if (this.#requests.peek() !== undefined) return false;
    this.#flush();
    return this.#requests.wait(timeout);
  }

  /** Runs the JavaScript of a command. Returns undefined if the outcome depends on a promise. */
  #runCommand(command: RunningCommand, engine: Engine): Outcome | undefined {
    const { query, param } = command.request;
    this.#requests.take(command.request);
    if (param.tooLong) return exception("jsockd command was too long");
    this.#status.setCommandId(command.id);
    this.#status.enterJavaScript(true);
    command.started = true;
    // A query that is too long was discarded. It has to fail as in jsockd: as no function.
    const outcome = engine.call(query.tooLong ? "undefined" : query.text, param.text);
    if (outcome !== undefined) this.#status.leaveJavaScript();
    return outcome;
  }

  #answer(command: RunningCommand, outcome: Outcome): void {
    command.outcome = outcome;
    this.#send({ ...outcome, id: command.id }, command);
    this.#command = undefined;
  }

  /** Continues where the guard interrupted {@linkcode Session.#runCommands}. */
  #recover(engine: Engine): void {
    this.#output.completeWrite();
    const command = this.#command;
    if (command === undefined) return;
    if (this.#output.lastTag === command) this.#command = undefined;
    else if (command.outcome !== undefined) this.#answer(command, command.outcome);
    else if (command.started) {
      this.#answer(command, engine.interrupted(performance.now() - this.#startedAt));
    }
  }

  #sendAndReceive(id: string, json: string): string {
    this.#send({ type: "message", id, data: json });
    this.#flush();
    if (this.#requests.peekResponseField().text.startsWith("?")) {
      throw new MessageError("Interrupted while waiting for message response");
    }
    const responseId = this.#requests.takeResponseField();
    const response = this.#requests.takeResponseField();
    if (response.tooLong || byteLength(`${responseId.text} ${response.text} `) > MAX_FIELD_BYTES) {
      throw new MessageError("Message response too big");
    }
    if (responseId.text !== id) {
      throw new MessageError(
        "Internal protocol error (no command id or mismatched command id)",
      );
    }
    if (response.text === INTERNAL_ERROR) {
      throw new MessageError("Client indicated internal error in its message handler");
    }
    return response.text;
  }

  /** Executes a control command. Returns false if the server has to exit. */
  #handleControl(command: string, engine: Engine): boolean {
    const reply = (text: string) => this.#send({ type: "control", text });
    switch (command) {
      case "?reset":
        this.#requests.reset();
        reply("reset");
        return true;
      case "?quit":
        reply("quit");
        return false;
      case "?exectime":
        reply(String(Math.round(this.#lastRuntimeMs * 1e6)));
        return true;
      case "?memusage": {
        const { size, count } = engine.memoryUsage();
        reply(JSON.stringify({ malloc_size: size, malloc_count: count }));
        return true;
      }
      default:
        reply("bad command");
        return true;
    }
  }

  /** Notifies the main thread that there are records to send. */
  #flush(now = performance.now()): void {
    this.#flushedAt = now;
    this.#output.notifyReader();
  }

  #send(record: CommandRecord | ControlRecord, command?: RunningCommand): void {
    this.#output.write(encodeRecord(record), command);
  }

  #truncateId(id: string): string {
    // UTF-8 takes three bytes at most for each unit of UTF-16, so most IDs need no counting.
    if (id.length * 3 <= MAX_ID_BYTES) return id;
    const bytes = encoder.encode(id);
    if (bytes.length <= MAX_ID_BYTES) return id;
    this.#log(
      "WARN",
      `Error: message UUID has length ${bytes.length} and will be truncated to first ${MAX_ID_BYTES} bytes`,
    );
    return new TextDecoder().decode(bytes.subarray(0, MAX_ID_BYTES));
  }
}

function isIsolated(request: CommandRequest): boolean {
  return request.id.text.startsWith(ISOLATED_ID_PREFIX);
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
