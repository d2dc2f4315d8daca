import { concat } from "@std/bytes/concat";
import type { Deadline } from "../common/deadlines.ts";
import { JSockDClientError, JSockDJSException, messageOf } from "../common/errors.ts";
import type { RawMessageHandler } from "../server/command.ts";
import type { Receiver } from "./inbox.ts";
import type { NatsMessage } from "./library.ts";
import {
  type ControlType,
  errorIn,
  FROM,
  LENGTH,
  numberIn,
  type ReplyType,
  saysNobodyListens,
  typeOf,
  WORKER,
} from "./wire.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a command needs of the client. */
export interface PendingCommandHost {
  /** Says something about the command to the worker that has it, which listens at the subject. */
  say(control: string, type: ControlType, payload?: Uint8Array | string): void;
  /** The longest answer to a message, in bytes. */
  readonly maxAnswerBytes: number;
  /** Called when a worker says that it has the command, and each time that it says more. */
  taken(command: PendingCommand): void;
  /** Called when a worker had no room for the command. */
  refused(command: PendingCommand): void;
  /** Called when no worker serves the subject. */
  unserved(command: PendingCommand): void;
  /** Called when the command has settled. */
  settled(command: PendingCommand): void;
  /** Called when nothing more can come for the command. */
  ended(command: PendingCommand): void;
}

/** What a command is made of. */
export interface PendingCommandParts {
  /** The number of the call. */
  readonly number: number;
  /** The first line of the request. */
  readonly line: string;
  readonly paramJson: string;
  readonly idempotent: boolean;
  readonly parse: (resultJson: string) => unknown;
  readonly messageHandler: RawMessageHandler | undefined;
  /** When the caller called, from `performance.now()`. */
  readonly calledAt: number;
}

/** A command of a caller, until it has a result, and until no worker has it any more. */
export class PendingCommand implements Receiver {
  readonly number: number;
  readonly line: string;
  readonly paramJson: string;
  readonly idempotent: boolean;
  readonly calledAt: number;
  readonly result: Promise<unknown>;
  /** When the caller stops waiting. */
  deadline: Deadline<PendingCommand> | undefined;
  /** The token of its inbox while it is sent. */
  token: string | undefined;
  /** When it was sent, from `performance.now()`. */
  sentAt = 0;
  /** How often a worker was lost that may have had it. */
  losses = 0;
  /** How often a worker had no room for it. */
  refusals = 0;
  /** Since when it waits for room, itself or behind others that do; undefined if it does not. */
  waitsSince: number | undefined;
  /** The parameter, if it is sent in pieces. */
  paramBytes: Uint8Array | undefined;
  readonly #host: PendingCommandHost;
  readonly #parse: (resultJson: string) => unknown;
  readonly #messageHandler: RawMessageHandler | undefined;
  readonly #deferred = Promise.withResolvers<unknown>();
  #state: "pending" | "fulfilled" | "rejected" = "pending";
  #worker: string | undefined;
  #control: string | undefined;
  #pieces: Uint8Array[] = [];
  #received = 0;
  #removeAbortListener: (() => void) | undefined;

  constructor(host: PendingCommandHost, parts: PendingCommandParts) {
    this.#host = host;
    this.number = parts.number;
    this.line = parts.line;
    this.paramJson = parts.paramJson;
    this.idempotent = parts.idempotent;
    this.calledAt = parts.calledAt;
    this.#parse = parts.parse;
    this.#messageHandler = parts.messageHandler;
    this.result = this.#deferred.promise;
  }

  /** Whether the caller still waits, has the result, or has an error. */
  get state(): "pending" | "fulfilled" | "rejected" {
    return this.#state;
  }

  /** The subject at which the worker that has it answers pings; undefined while that is unknown. */
  get worker(): string | undefined {
    return this.#worker;
  }

  /** Rejects the command when the signal aborts. */
  rejectOnAbort(signal: AbortSignal): void {
    const abort = () => this.cancel(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    this.#removeAbortListener = () => signal.removeEventListener("abort", abort);
  }

  /** Takes a reply. */
  receive(msg: NatsMessage): void {
    if (saysNobodyListens(msg)) return this.#host.unserved(this);
    const type = typeOf(msg) as ReplyType | undefined;
    if (msg.reply) this.#meetWorker(msg, msg.reply);
    // The caller does not wait any more, and could not say so before.
    if (this.#state !== "pending" && msg.reply) return this.#end("cancel");
    switch (type) {
      case undefined:
        return this.#resolve(msg.data);
      case "full":
        return this.#host.refused(this);
      case "exception":
        return this.reject(new JSockDJSException(decoder.decode(msg.data)));
      case "error":
        return this.reject(errorIn(msg));
      case "message":
        return void this.#answer(msg);
      case "more":
        return this.#sendPart(msg);
      case "piece":
        return this.#collect(msg);
    }
  }

  /** Rejects the command, and tells the worker that has it that nobody waits for the result. */
  cancel(reason: unknown): void {
    if (this.#state !== "pending") return;
    this.#settle("rejected");
    this.#deferred.reject(reason);
    // Otherwise the first message of the worker is answered so.
    if (this.token === undefined || this.#control !== undefined) this.#end("cancel");
  }

  /** Rejects the command, which no worker has any more. */
  reject(reason: unknown): void {
    if (this.#state === "pending") {
      this.#settle("rejected");
      this.#deferred.reject(reason);
    }
    this.#end();
  }

  /** Forgets the worker, before the command is sent again. */
  forgetWorker(): void {
    this.#worker = this.#control = this.token = undefined;
    this.#pieces = [];
    this.#received = 0;
  }

  #meetWorker(msg: NatsMessage, control: string): void {
    this.#control = control;
    this.#worker ??= msg.headers?.get(WORKER) || undefined;
    if (this.#state === "pending") this.#host.taken(this);
  }

  #resolve(data: Uint8Array): void {
    if (this.#state === "pending") {
      let result: unknown;
      try {
        result = this.#parse(decoder.decode(data));
      } catch (error) {
        return this.reject(error);
      }
      this.#settle("fulfilled");
      this.#deferred.resolve(result);
    }
    this.#end();
  }

  async #answer(msg: NatsMessage): Promise<void> {
    const { token } = this;
    try {
      const answer = await this.#messageHandler!(decoder.decode(msg.data));
      const bytes = encoder.encode(answer);
      if (bytes.length > this.#host.maxAnswerBytes) {
        throw new RangeError(
          `an answer over NATS has at most ${this.#host.maxAnswerBytes} bytes here, this one has ` +
            bytes.length,
        );
      }
      if (this.token === token) this.#host.say(msg.reply!, "answer", bytes);
    } catch (cause) {
      // It may have been sent to another worker, where its handler is called again.
      if (this.token !== token) return;
      this.cancel(
        new JSockDClientError("MESSAGE_HANDLER", `Cannot answer a message: ${messageOf(cause)}`, {
          cause,
        }),
      );
    }
  }

  #sendPart(msg: NatsMessage): void {
    const from = numberIn(msg, FROM) ?? 0;
    const part = this.paramBytes?.subarray(from, from + this.#host.maxAnswerBytes) ?? "";
    this.#host.say(msg.reply!, "part", part);
  }

  #collect(msg: NatsMessage): void {
    const length = numberIn(msg, LENGTH);
    if (numberIn(msg, FROM) !== this.#received || length === undefined) {
      return this.cancel(
        new JSockDClientError("PROTOCOL", "Cannot put the result together: a piece is missing"),
      );
    }
    // The buffer of a message is the library's.
    this.#pieces.push(msg.data.slice());
    this.#received += msg.data.length;
    if (this.#received >= length) this.#resolve(concat(this.#pieces));
    else this.#host.say(msg.reply!, "next");
  }

  #settle(state: "fulfilled" | "rejected"): void {
    this.#state = state;
    this.#removeAbortListener?.();
    this.#host.settled(this);
  }

  #end(say?: "cancel"): void {
    if (say !== undefined && this.#control !== undefined) this.#host.say(this.#control, say);
    this.deadline?.delete();
    this.#host.ended(this);
  }
}
