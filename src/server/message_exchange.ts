import { JSockDClientError, messageOf } from "../common/errors.ts";
import { formatMessageResponse } from "../protocol/commands.ts";
import type { Command } from "./command.ts";

/**
 * Calls a command's message handler, and resolves to the text to send to the server. Pieces of a
 * large parameter need no handler.
 *
 * @throws {JSockDClientError} `MESSAGE_HANDLER` if there is no handler, it throws, or its answer
 * cannot be sent.
 */
export function answerMessage(command: Command, messageJson: string): Promise<string> {
  const piece = command.largeParameter?.answer(messageJson);
  if (piece !== undefined) return Promise.resolve(formatMessageResponse(command.id, piece));
  const answer = () => handle(command, messageJson);
  return command.observer === undefined ? answer() : command.observer.message(answer);
}

async function handle(command: Command, messageJson: string): Promise<string> {
  try {
    if (command.messageHandler === undefined) {
      throw new TypeError("the command was run without a messageHandler; pass one in its options");
    }
    const answerJson = await command.messageHandler(messageJson);
    return formatMessageResponse(command.id, answerJson);
  } catch (cause) {
    throw new JSockDClientError("MESSAGE_HANDLER", `Cannot answer a message: ${messageOf(cause)}`, {
      cause,
    });
  }
}
