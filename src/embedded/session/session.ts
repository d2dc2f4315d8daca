import { INTERNAL_ERROR, MAX_FIELD_BYTES, MAX_ID_BYTES } from "../../protocol/limits.ts";
import type { CommandRecord, ControlRecord } from "../../protocol/records.ts";
import type { Field } from "../../protocol/fields.ts";
import type { CommandRunner } from "../engines/quickjs/commands.ts";
import { reportException } from "../engines/exceptions.ts";
import type { FieldReader } from "./fields.ts";
import { MemoryWatch } from "./memory_watch.ts";
import type { Runtime } from "../engines/quickjs/runtime.ts";
import { type Log, MessageError, type Outcome } from "../engines/engine.ts";

const encoder = new TextEncoder();

/** Takes a record for the client. */
export type SendRecord = (record: CommandRecord | ControlRecord) => void;

/** A runtime, and what runs commands in it. */
export interface Workplace {
  readonly runtime: Runtime;
  readonly runner: CommandRunner;
}

/** Why a session wants another runtime, or none. */
export type Pause = "idle" | "worn" | "quit";

/** A conversation with a client: it outlives the runtimes that its commands run in. */
export class Session {
  readonly #fields: FieldReader;
  readonly #send: SendRecord;
  readonly #log: Log;
  /** The fields of a command that have come so far. */
  #command: Field[] = [];
  /** The ID of the command that runs. */
  #id = "";
  #lastRuntimeMs = 0;

  constructor(fields: FieldReader, send: SendRecord, log: Log) {
    this.#fields = fields;
    this.#send = send;
    this.#log = log;
  }

  /**
   * Runs commands.
   *
   * @param idleTimeout Milliseconds without a command after which to come back.
   */
  serve({ runtime, runner }: Workplace, idleTimeout: number): Pause {
    const memory = new MemoryWatch();
    for (;;) {
      const timeout = this.#command.length === 0 ? idleTimeout : Infinity;
      if (!this.#fields.wait(timeout)) return "idle";
      const field = this.#fields.next();
      if (field.text.startsWith("?")) {
        if (!this.#control(field.text, runtime)) return "quit";
        continue;
      }
      this.#command.push(field);
      if (this.#command.length < 3) continue;
      const survived = this.#run(runtime, runner);
      if (!survived || runtime.isFull || runtime.isLittered) return "worn";
      if (memory.hasGrown(runtime, runner.keptQueries)) {
        this.#log(
          "ERROR",
          "Memory usage has increased over the last 300 commands. Resetting interpreter state.",
        );
        return "worn";
      }
    }
  }

  /**
   * Sends a message of the command that runs, and blocks until there is an answer.
   *
   * @throws {MessageError} If there is none.
   */
  sendMessage(json: string): string {
    this.#send({ type: "message", id: this.#id, data: json });
    if (this.#fields.peek().text.startsWith("?")) {
      throw new MessageError("Interrupted while waiting for message response");
    }
    const id = this.#fields.next();
    const response = this.#fields.next();
    if (response.tooLong || byteLength(`${id.text} ${response.text} `) > MAX_FIELD_BYTES) {
      throw new MessageError("Message response too big");
    }
    if (id.text !== this.#id) {
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
  #control(command: string, runtime: Runtime): boolean {
    const reply = (text: string) => this.#send({ type: "control", text });
    switch (command) {
      case "?reset":
        this.#command = [];
        reply("reset");
        return true;
      case "?quit":
        reply("quit");
        return false;
      case "?exectime":
        reply(String(Math.round(this.#lastRuntimeMs * 1e6)));
        return true;
      case "?memusage": {
        const { size, count } = runtime.memoryUsage();
        reply(JSON.stringify({ malloc_size: size, malloc_count: count }));
        return true;
      }
      default:
        reply("bad command");
        return true;
    }
  }

  /** Runs the command whose fields are there; false if the runtime did not survive it. */
  #run(runtime: Runtime, runner: CommandRunner): boolean {
    const [id, query, param] = this.#command as [Field, Field, Field];
    this.#command = [];
    this.#id = this.#cutId(id.text);
    let outcome: Outcome;
    let survived = true;
    if (param.tooLong) {
      outcome = { type: "exception", data: '"jsockd command was too long"' };
    } else {
      try {
        // Of a query that is too long nothing is kept, and nothing is no function.
        outcome = runner.run(query.tooLong ? "undefined" : query.text, param.text);
        if (outcome.type === "ok") this.#lastRuntimeMs = runtime.elapsed;
      } catch (error) {
        outcome = this.#crashed(error, runtime);
        survived = false;
      }
    }
    this.#send({ ...outcome, id: this.#id });
    return survived;
  }

  #crashed(error: unknown, runtime: Runtime): Outcome {
    // V8 throws a RangeError when WebAssembly has used up the thread's own stack.
    const reason = error instanceof RangeError
      ? "stack overflow"
      : runtime.isFull
      ? "out of memory"
      : String(error);
    this.#log("ERROR", `QuickJS crashed (${reason}). Resetting interpreter state.`);
    const report = reportException(`InternalError: ${reason}`);
    return { type: "exception", data: JSON.stringify(report) };
  }

  #cutId(id: string): string {
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
