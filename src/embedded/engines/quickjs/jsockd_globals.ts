import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { installJSockD } from "../guest/jsockd.ts";
import { callGuest, newHostFunction } from "./guest_globals.ts";
import type { RuntimeJson } from "./json.ts";
import { CONSOLE_METHODS, consoleMessages } from "../console.ts";
import { type Log, MessageError, type SendMessage } from "../engine.ts";

/** The first line of the stack of an error that `sendMessage` throws. */
const SEND_MESSAGE_FRAME = "    at sendMessage (native)\n";

/** Defines `console`. As in jsockd, all its methods log at the same level. */
export function defineConsole(
  context: QuickJSContext,
  show: (value: QuickJSHandle) => string[],
  log: Log,
): void {
  using console = context.newObject();
  for (const name of CONSOLE_METHODS) {
    using method = newHostFunction(context, name, 1, (...values) => {
      const messages = consoleMessages(name, values.map(show));
      for (const message of messages) log("INFO", message, "console");
    });
    context.setProp(console, name, method);
  }
  context.setProp(context.global, "console", console);
}

/** Defines `JSockD`. */
export function defineJSockD(
  context: QuickJSContext,
  json: RuntimeJson,
  send: SendMessage,
): void {
  const internalError = context.unwrapResult(context.evalCode("InternalError"));
  const typeError = context.unwrapResult(context.evalCode("TypeError"));
  // With the native constructors, the stack has no frames of the server's own JavaScript. It has no
  // frame of `sendMessage` either, so that is added.
  const fail = (constructor: QuickJSHandle, message: string) => {
    using text = context.newString(message);
    const made = context.callFunction(constructor, context.undefined, text);
    if (made.error !== undefined) return { error: made.error };
    using stack = context.getProp(made.value, "stack");
    using withFunction = context.newString(SEND_MESSAGE_FRAME + context.getString(stack));
    context.setProp(made.value, "stack", withFunction);
    return { error: made.value };
  };
  using sendMessage = newHostFunction(context, "sendMessage", 1, (...args) => {
    const [message, ...options] = args;
    if (message === undefined || options.length > 2) {
      return fail(
        internalError,
        "JSockD.sendMessage requires 1-3 arguments (the message to send, and, optionally, " +
          "'replacer' and 'space' arguments to pass to JSON.stringify)",
      );
    }
    using encoded = json.stringify(message, ...options);
    if (encoded.error !== undefined) {
      return fail(typeError, "JSockD.sendMessage argument must be JSON serializable");
    }
    try {
      // `JSON.stringify(undefined)` is undefined, and then the message is the word `undefined`.
      const answer = json.parse(send(json.readJson(encoded.value)));
      if (answer.error === undefined) return answer;
      answer.dispose();
      throw new MessageError("Bad JSON in message response");
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      return fail(internalError, `Error sending message via JSockD: ${error.message}`);
    }
  });
  callGuest(context, installJSockD, sendMessage).dispose();
}
