import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { newHostObject } from "./guest_globals.ts";
import type { RuntimeJson } from "./json.ts";
import { CONSOLE_METHODS, consoleMessages } from "../console.ts";
import { type Log, MessageError, type SendMessage } from "../engine.ts";

/** Defines `console`, which writes to the server's log, all of it at one level, as jsockd does. */
export function defineConsole(
  context: QuickJSContext,
  show: (value: QuickJSHandle) => string[],
  log: Log,
): void {
  const method = (name: string) => (...values: QuickJSHandle[]): void => {
    for (const message of consoleMessages(name, values.map(show))) log("INFO", message, "console");
  };
  using console = newHostObject(
    context,
    Object.fromEntries(CONSOLE_METHODS.map((name) => [name, method(name)])),
  );
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
  // The engine's own constructors leave no frames of the server's in the stack trace.
  const fail = (constructor: QuickJSHandle, message: string) => {
    using text = context.newString(message);
    const made = context.callFunction(constructor, context.undefined, text);
    return { error: made.error ?? made.value };
  };
  using jsockd = newHostObject(context, {
    sendMessage: (...args) => {
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
        // Without a JSON text, of undefined for example, the message is the word `undefined`.
        const answer = json.parse(send(context.getString(encoded.value)));
        if (answer.error === undefined) return answer;
        answer.dispose();
        throw new MessageError("Bad JSON in message response");
      } catch (error) {
        if (!(error instanceof MessageError)) throw error;
        return fail(internalError, `Error sending message via JSockD: ${error.message}`);
      }
    },
  });
  context.setProp(context.global, "JSockD", jsockd);
}
