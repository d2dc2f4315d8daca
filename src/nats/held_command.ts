import { concat } from "@std/bytes/concat";
import type { JSockDClient } from "../client/client.ts";
import { JSockDClientError, JSockDJSException, messageOf } from "../common/errors.ts";
import { MAX_TIMEOUT_US } from "../config/config.ts";
import { publishIfOpen } from "./connection.ts";
import type { Inbox, Receiver } from "./inbox.ts";
import type { NatsConnection, NatsMessage } from "./library.ts";
import {
  decode,
  encode,
  errorHeaders,
  FROM,
  LENGTH,
  pieceBytes,
  type ReplyType,
  type RequestLine,
  saysNobodyListens,
  typeHeaders,
  typeOf,
  WORKER,
} from "./wire.ts";

/** After how many milliseconds a caller learns which worker has its command. */
const SAY_TAKEN_AFTER_MS = 100;

/** How often a worker says it again, in milliseconds. NATS tells it then if the caller is gone. */
const SAY_TAKEN_EVERY_MS = 1_000;

/** How long a caller's time may be over before the worker gives its command up, in milliseconds. */
const GRACE_MS = 1_000;

/** How much of an error its caller learns, if the error is not JavaScript's, or is too large. */
const MAX_ERROR_LENGTH = 10_000;

/** What a UTF-16 unit takes in JSON at most, in bytes. */
const BYTES_PER_UNIT = 6;

/** What a worker has for all of its commands. */
export interface HeldCommandContext {
  readonly connection: NatsConnection;
  readonly client: JSockDClient;
  /** Receives what callers say about their commands. */
  readonly control: Inbox;
  /** The subject at which the worker answers pings. */
  readonly pingSubject: string;
  /** The longest parameter, in bytes. */
  readonly maxParamBytes: number;
}

/** A command that a worker has taken, until its caller has the result. */
export class HeldCommand implements Receiver {
  readonly #context: HeldCommandContext;
  readonly #replyTo: string;
  readonly #line: RequestLine;
  readonly #startedAt: number;
  readonly #cancellation = new AbortController();
  #token: string | undefined;
  #saidTakenAt: number | undefined;
  /** Resolves to what the caller says next, if the command waits for that. */
  #said: PromiseWithResolvers<NatsMessage> | undefined;

  constructor(context: HeldCommandContext, replyTo: string, line: RequestLine, now: number) {
    this.#context = context;
    this.#replyTo = replyTo;
    this.#line = line;
    this.#startedAt = now;
    // Whoever waits for what the caller says is told.
    this.#cancellation.signal.addEventListener("abort", () => {
      this.#said?.reject(this.#cancellation.signal.reason);
    });
  }

  /**
   * Runs the command. Resolves to its result.
   *
   * @param param The parameter, or its first piece.
   */
  async run(query: string, param: Uint8Array): Promise<string> {
    const { ms, answers, idempotent, isolated, bytes } = this.#line;
    const paramJson = decode(bytes === undefined ? param : await this.#collect(param, bytes));
    return await this.#context.client.runRaw(query, paramJson, {
      signal: this.#cancellation.signal,
      timeoutUs: Math.min(Math.max(ms, 1) * 1000, MAX_TIMEOUT_US),
      ...answers && { messageHandler: (json) => this.#ask(json) },
      ...idempotent && { idempotent },
      ...isolated && { isolated },
    });
  }

  /** Sends the result. Resolves when the caller has all of it. */
  async sendResult(resultJson: string): Promise<void> {
    const limit = this.#pieceBytes;
    // A UTF-16 unit takes three bytes at most.
    if (resultJson.length * 3 <= limit) return this.#send(resultJson);
    const result = encode(resultJson);
    if (result.length <= limit) return this.#send(result);
    for (let from = 0; from < result.length;) {
      const piece = result.subarray(from, from + limit);
      this.#reply("piece", piece, { [FROM]: String(from), [LENGTH]: String(result.length) });
      from += piece.length;
      if (from < result.length) await this.#hear("next");
    }
  }

  /** Sends why there is no result, unless the caller does not wait any more. */
  sendError(error: unknown): void {
    if (this.#cancellation.signal.aborted) return;
    if (error instanceof JSockDJSException) {
      const bytes = encode(error.resultJson);
      return bytes.length <= this.#pieceBytes
        ? this.#reply("exception", bytes)
        : this.#reply("exception", JSON.stringify(this.#beginning(error.errorMessage)));
    }
    this.#send(this.#beginning(messageOf(error)), errorHeaders(toClientError(error)));
  }

  /** Drops the command: nothing is sent to its caller any more. */
  cancel(reason: string): void {
    this.#cancellation.abort(new Error(reason));
  }

  /** Says if it is time that the worker has the command. Called at short intervals. */
  tick(now: number): void {
    if (now - this.#startedAt > this.#line.ms + GRACE_MS) return this.cancel("its time is over");
    const due = this.#saidTakenAt === undefined
      ? this.#startedAt + SAY_TAKEN_AFTER_MS
      : this.#saidTakenAt + SAY_TAKEN_EVERY_MS;
    if (now < due) return;
    this.#saidTakenAt = now;
    this.#reply("taken", "");
  }

  /** Takes what the caller says. */
  receive(msg: NatsMessage): void {
    if (saysNobodyListens(msg)) return this.cancel("its caller is gone");
    if (typeOf(msg) === "cancel") return this.cancel("its caller has cancelled it");
    this.#said?.resolve(msg);
  }

  /** Ends the conversation. */
  close(): void {
    if (this.#token !== undefined) this.#context.control.remove(this.#token);
  }

  /** Collects the pieces of a parameter. */
  async #collect(first: Uint8Array, length: number): Promise<Uint8Array> {
    const { maxParamBytes } = this.#context;
    if (length > maxParamBytes) {
      throw new JSockDClientError(
        "INVALID_COMMAND",
        `Cannot take the parameter: it has ${length} bytes, the limit of the worker is ` +
          `${maxParamBytes}; raise its maxParamBytes`,
      );
    }
    const pieces = [first.slice()];
    for (let from = first.length; from < length;) {
      this.#reply("more", "", { [FROM]: String(from) });
      const { data } = await this.#hear("part");
      if (data.length === 0 || from + data.length > length) {
        throw new JSockDClientError(
          "INVALID_COMMAND",
          "Cannot take the parameter: a piece is wrong",
        );
      }
      pieces.push(data.slice());
      from += data.length;
    }
    return concat(pieces);
  }

  /** Asks the caller for the answer to a message of the JavaScript. */
  async #ask(messageJson: string): Promise<string> {
    const bytes = encode(messageJson);
    if (bytes.length > this.#pieceBytes) {
      throw new RangeError(
        `a message over NATS has at most ${this.#pieceBytes} bytes here, this one has ${bytes.length}`,
      );
    }
    this.#reply("message", bytes);
    return decode((await this.#hear("answer")).data);
  }

  /** Resolves to what the caller says next, which must be of this type. */
  async #hear(type: string): Promise<NatsMessage> {
    this.#cancellation.signal.throwIfAborted();
    this.#said = Promise.withResolvers();
    const msg = await this.#said.promise;
    if (typeOf(msg) !== type) throw new Error(`the caller did not send what was asked for`);
    return msg;
  }

  #reply(
    type: ReplyType,
    payload: Uint8Array | string,
    fields: Readonly<Record<string, string>> = {},
  ): void {
    this.#token ??= this.#context.control.add(this);
    const headers = typeHeaders(type, { [WORKER]: this.#context.pingSubject, ...fields });
    this.#send(payload, headers, this.#context.control.subject(this.#token));
  }

  #send(
    payload: Uint8Array | string,
    headers?: ReturnType<typeof typeHeaders>,
    reply?: string,
  ): void {
    const options = { ...headers && { headers }, ...reply !== undefined && { reply } };
    publishIfOpen(this.#context.connection, this.#replyTo, payload, options);
  }

  /** Returns as much of a text as fits in any message. */
  #beginning(text: string): string {
    return text.slice(0, Math.min(MAX_ERROR_LENGTH, Math.floor(this.#pieceBytes / BYTES_PER_UNIT)));
  }

  get #pieceBytes(): number {
    return pieceBytes(this.#context.connection.info?.max_payload ?? 0);
  }
}

/** Returns a worker's error as one of the caller, for whom the worker is the server. */
function toClientError(error: unknown): JSockDClientError {
  if (error instanceof JSockDClientError && error.code !== "CLOSED") return error;
  return new JSockDClientError("SERVER_EXITED", messageOf(error), { cause: error });
}
