import { JSockDClientError } from "../common/errors.ts";
import { checkQuery } from "../protocol/commands.ts";
import { MAX_FIELD_BYTES } from "../protocol/limits.ts";
import { Pieces } from "./pieces.ts";
import { WrappedQuery } from "./wrapped_query.ts";

const encoder = new TextEncoder();

/** What a message that asks for a piece of the parameter begins with; its number follows. */
const PIECE = "@x/jsockd piece ";

/**
 * A parameter that is too large for a command. The query is wrapped: before its function is called,
 * messages ask for the parameter piece by piece.
 *
 * What is asked for depends on the message alone, so the command can be sent again at any time.
 */
export class LargeParameter {
  /** The text to send in place of the query. */
  readonly query: string;
  /** What to send in place of the parameter. */
  readonly paramJson = JSON.stringify(PIECE);
  readonly #wrapped: WrappedQuery;
  readonly #pieces: Pieces;

  /**
   * Returns undefined if the parameter fits into a command, or if `limit` allows no more than that.
   *
   * @param limit The largest number of bytes that the client may send.
   * @throws {JSockDClientError} `INVALID_COMMAND` if the parameter is larger than `limit`, or the
   * query cannot be sent.
   */
  static of(query: string, paramJson: string, limit: number): LargeParameter | undefined {
    // UTF-8 takes at most three bytes for a UTF-16 unit, so short texts need not be counted.
    if (paramJson.length * 3 <= MAX_FIELD_BYTES || limit <= MAX_FIELD_BYTES) return undefined;
    const { length } = encoder.encode(paramJson);
    if (length <= MAX_FIELD_BYTES) return undefined;
    if (length > limit) throw tooLarge(paramJson, length, limit);
    checkQuery(query);
    return new LargeParameter(query, paramJson);
  }

  private constructor(query: string, paramJson: string) {
    this.#wrapped = new WrappedQuery(receiveParameter, query);
    this.query = this.#wrapped.text;
    this.#pieces = new Pieces(paramJson);
  }

  /** Returns the answer to a message that asks for a piece, or undefined for any other message. */
  answer(messageJson: string): string | undefined {
    if (!messageJson.startsWith(`"${PIECE}`)) return undefined;
    return this.#pieces.at(Number(messageJson.slice(PIECE.length + 1, -1)));
  }

  /** Returns what the server sent about an exception as it would be for a small parameter. */
  restoreException(json: string): string {
    return this.#wrapped.restoreException(json);
  }
}

/** Guest code. Calls the query's function when all pieces of the parameter have come. */
function receiveParameter(callee: (module: unknown, param: unknown) => unknown) {
  return (module: unknown, prefix: string): unknown => {
    const pieces: string[] = [];
    for (;;) {
      const piece = JSockD.sendMessage<string | null>(prefix + pieces.length);
      if (piece === null) return callee(module, JSON.parse(pieces.join("")));
      pieces.push(piece);
    }
  };
}

function tooLarge(paramJson: string, length: number, limit: number): JSockDClientError {
  return new JSockDClientError(
    "INVALID_COMMAND",
    `Cannot send the parameter ${JSON.stringify(`${paramJson.slice(0, 60)}…`)}: it has ${length} ` +
      `bytes, the limit is ${limit}; raise maxParamBytes`,
  );
}

declare const JSockD: { sendMessage<Answer>(message: unknown): Answer };
