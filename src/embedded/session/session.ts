import { INTERNAL_ERROR, MAX_FIELD_BYTES, MAX_ID_BYTES } from "../../protocol/limits.ts";
import { type CommandRecord, type ControlRecord, encodeRecord } from "../../protocol/records.ts";
import { type Engine, exception, type Log, MessageError, type Outcome } from "../engines/engine.ts";
import type { RingWriter } from "./ring_writer.ts";
import type { CommandRequest, Requests } from "./requests.ts";
import type { RunStatus } from "./run_status.ts";

/**
 * How long commands run one after the other under one time limit, in milliseconds. To start the clock
 * costs V8 a thread, so quick commands share one; a command may run that much past its limit at most.
 */
const GUARD_MS = 5;

/**
 * How long records are gathered before the main thread is told of them, in milliseconds. To wake it, and
 * the client after it, costs more than a quick command. What a slow command keeps from being told is
 * found by the main thread's watch.
 */
const BATCH_MS = 0.25;

const encoder = new TextEncoder();

/** Why a session wants another engine, or none. */
export type StopReason = "idle" | "worn" | "quit";

/** The ends of a conversation. */
export interface SessionOptions {
  /** What the client asks for. */
  readonly requests: Requests;
  /** What the client gets. */
  readonly output: RingWriter;
  /** What the main thread sees of the session. */
  readonly status: RunStatus;
  readonly log: Log;
}

/** A command from its request to its response. */
class RunningCommand {
  readonly request: CommandRequest;
  readonly id: string;
  /** Whether its JavaScript may have begun. */
  started = false;
  outcome: Outcome | undefined;

  constructor(request: CommandRequest, id: string) {
    this.request = request;
    this.id = id;
  }
}

/**
 * A conversation with a client: it outlives the engines that its commands run in.
 *
 * The engine may cut off what runs under its guard at any point, so {@linkcode Session.#recover} must
 * be able to go on from any point in {@linkcode Session.#runCommands}. Therefore each step is one assignment,
 * and what has been done is told by what it left behind.
 */
export class Session {
  readonly #requests: Requests;
  readonly #output: RingWriter;
  readonly #status: RunStatus;
  readonly #log: Log;
  /** The command that is being worked on. */
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
   * Runs commands.
   *
   * @param idleTimeout Milliseconds without a command after which to come back.
   */
  serve(engine: Engine, idleTimeout: number): StopReason {
    for (;;) {
      const request = this.#requests.peek();
      if (request === undefined) {
        this.#flush();
        if (!this.#requests.wait(idleTimeout)) return "idle";
      } else if (request.type === "control") {
        this.#requests.take(request);
        const continues = this.#handleControl(request.text, engine);
        this.#flush();
        if (!continues) return "quit";
      } else {
        do {
          const returned = engine.guard(() => this.#runCommands(engine));
          this.#status.leaveJavaScript();
          if (!returned) this.#recover(engine);
        } while (this.#command !== undefined && !this.#command.started);
        if (this.#command !== undefined) {
          this.#lastRuntimeMs = performance.now() - this.#startedAt;
          this.#answer(this.#command, engine.settled());
        }
        if (engine.worn) {
          this.#flush();
          return "worn";
        }
      }
    }
  }

  /**
   * Sends a message of the command that runs, and blocks until there is an response.
   *
   * @throws {MessageError} If there is none.
   */
  sendMessage(json: string): string {
    return this.outsideJavaScript(() => this.#sendAndReceive(this.#command!.id, json));
  }

  /** Does something of the server's own, perhaps in the midst of JavaScript that asked for it. */
  outsideJavaScript<T>(action: () => T): T {
    const wasRunning = this.#status.leaveJavaScript();
    try {
      return action();
    } finally {
      if (wasRunning) this.#status.enterJavaScript(false);
    }
  }

  /** Answers the command that was running in a worker which had to be ended. */
  answerInterrupted(id: string, outcome: Outcome): void {
    this.#send({ ...outcome, id });
    this.#flush();
  }

  /** Runs commands that are there, until one waits for a promise or some time is over. */
  #runCommands(engine: Engine): void {
    let now = performance.now();
    const end = now + GUARD_MS;
    do {
      this.#startedAt = now;
      const command = this.#command ?? this.#nextCommand();
      if (command === undefined) return;
      const outcome = this.#runCommand(command, engine);
      if (outcome === undefined) return;
      this.#answer(command, outcome);
      now = performance.now();
      if (outcome.type === "ok") this.#lastRuntimeMs = now - this.#startedAt;
      if (now - this.#flushedAt > BATCH_MS) this.#flush(now);
    } while (!engine.worn && now < end);
  }

  #nextCommand(): RunningCommand | undefined {
    const request = this.#requests.peek();
    if (request?.type !== "command") return undefined;
    this.#command = new RunningCommand(request, this.#truncateId(request.id.text));
    return this.#command;
  }

  /** Runs the JavaScript of a command; undefined if it has to wait for a promise. */
  #runCommand(command: RunningCommand, engine: Engine): Outcome | undefined {
    const { query, param } = command.request;
    this.#requests.take(command.request);
    if (param.tooLong) return exception("jsockd command was too long");
    this.#status.setCommandId(command.id);
    this.#status.enterJavaScript(true);
    command.started = true;
    // Of a query that is too long nothing is kept, and nothing is no function.
    const outcome = engine.call(query.tooLong ? "undefined" : query.text, param.text);
    if (outcome !== undefined) this.#status.leaveJavaScript();
    return outcome;
  }

  #answer(command: RunningCommand, outcome: Outcome): void {
    command.outcome = outcome;
    this.#send({ ...outcome, id: command.id }, command);
    this.#command = undefined;
  }

  /** Goes on where the guard has cut {@linkcode Session.#runCommands} off. */
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

  /** Obeys a control command; false if that was the end. */
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

  /** Tells the main thread that there are records to be sent. */
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

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
