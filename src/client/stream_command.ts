import { JSockDJSException, messageOf } from "../common/errors.ts";
import { checkQuery } from "../protocol/commands.ts";
import { MAX_PIECE_BYTES, Pieces } from "../server/pieces.ts";
import { WrappedQuery } from "../server/wrapped_query.ts";
import { ChunkQueue } from "./chunk_queue.ts";
import { fromServerJson, toJson, toParamJson } from "./json.ts";
import type { MessageHandler } from "./run_options.ts";
import type { Runner } from "./runner.ts";
import { type StreamMessage, streamResult } from "./stream_guest.ts";
import type { CheckedStreamOptions } from "./stream_options.ts";

/** What the messages begin with that carry a result. A command may send others. */
const MARKER = "@x/jsockd stream";

const encoder = new TextEncoder();

/**
 * Runs a command whose result comes in messages, while it runs. Resolves to the stream of the result
 * when the first part of it has come, or the command has ended.
 *
 * @throws As {@linkcode Runner.run}, if the command fails before that.
 */
export async function streamCommand(
  runner: Runner,
  query: string,
  param: unknown,
  { messageHandler, highWaterMark, signal, ...waitOptions }: CheckedStreamOptions,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  checkQuery(query);
  const wrapped = new WrappedQuery(streamResult, query);
  const paramJson = `[${toParamJson(param)},${JSON.stringify(MARKER)}]`;
  const cancellation = new AbortController();
  const signals = signal === undefined ? [] : [signal];
  const queue = new ChunkQueue(highWaterMark, (reason) => cancellation.abort(reason));
  const conversation = new Conversation(queue, messageHandler);
  const command = runner.run(
    wrapped.text,
    paramJson,
    fromServerJson,
    (messageJson) => conversation.answer(messageJson),
    { ...waitOptions, signal: AbortSignal.any([cancellation.signal, ...signals]) },
  ).then((result) => {
    const rest = encoder.encode(result as string);
    if (rest.length > 0) queue.push(rest);
    queue.end({});
  }).catch((reason) => {
    const error = reason instanceof JSockDJSException
      ? new JSockDJSException(wrapped.restoreException(reason.resultJson))
      : reason;
    queue.end({ error });
    throw error;
  }).finally(() => conversation.end());
  await Promise.race([conversation.started, command]);
  return queue.readable;
}

/** The messages between a streamed command and the client. */
class Conversation {
  readonly #queue: ChunkQueue;
  readonly #messageHandler: MessageHandler | undefined;
  readonly #started = Promise.withResolvers<void>();
  /** Rejects when the command has ended, so that nothing goes on waiting for it. */
  readonly #ended = Promise.withResolvers<never>();
  /** The JSON of answers that have not been sent. */
  #answers: string[] = [];
  #answered = Promise.withResolvers<void>();
  #pieces = new Pieces("");

  constructor(queue: ChunkQueue, messageHandler: MessageHandler | undefined) {
    this.#queue = queue;
    this.#messageHandler = messageHandler;
    this.#ended.promise.catch(() => {});
  }

  /** Resolves when the first part of the result has come. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Ends all waiting. */
  end(): void {
    this.#ended.reject(new Error("The command has ended"));
  }

  /**
   * Answers a message. An answer that is withheld until the reader wants more is back-pressure, for
   * the server waits for it.
   */
  async answer(messageJson: string): Promise<string> {
    if (!messageJson.startsWith(`["${MARKER}",`)) {
      return toJson(await this.#handle(fromServerJson(messageJson)));
    }
    const [, ...message] = JSON.parse(messageJson);
    if (message.length === 1) return this.#pieces.at(message[0]);
    await Promise.race([this.#ended.promise, this.#exchange(message as unknown as StreamMessage)]);
    return this.#takeAnswers();
  }

  async #exchange([text, questions, stuck]: StreamMessage): Promise<void> {
    for (const [number, message] of questions) void this.#ask(number, message);
    if (text !== "") {
      this.#queue.push(encoder.encode(text));
      this.#started.resolve();
      await this.#queue.wanted();
    }
    if (stuck && this.#answers.length === 0) await this.#answered.promise;
  }

  async #ask(number: number, message: unknown): Promise<void> {
    let outcome;
    try {
      outcome = `"value":${toJson(await this.#handle(message))}`;
    } catch (error) {
      outcome = `"error":${JSON.stringify(`Cannot answer a message: ${messageOf(error)}`)}`;
    }
    this.#answers.push(`{"number":${number},${outcome}}`);
    this.#answered.resolve();
  }

  /** Returns the answers so far; `null` if they are too large for one message. */
  #takeAnswers(): string {
    const json = `[${this.#answers.join()}]`;
    this.#answers = [];
    this.#answered = Promise.withResolvers();
    if (json.length * 3 <= MAX_PIECE_BYTES) return json;
    this.#pieces = new Pieces(json);
    return "null";
  }

  async #handle(message: unknown): Promise<unknown> {
    if (this.#messageHandler === undefined) {
      throw new TypeError("the command was run without a messageHandler; pass one in its options");
    }
    return await this.#messageHandler(message);
  }
}
