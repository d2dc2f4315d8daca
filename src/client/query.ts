import { JSockDClientError } from "../common/errors.ts";

const texts = new WeakMap<object, string>();

/**
 * Gives the text of a query: of a function its source in parentheses, so that declarations work too.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if it is a function whose source is not an expression,
 * or neither function nor text.
 */
export function toQueryText(query: unknown): string {
  if (typeof query === "string") return query;
  if (typeof query !== "function") {
    throw new JSockDClientError(
      "INVALID_COMMAND",
      `Cannot send ${
        Deno.inspect(query)
      } as a query: expected a function, or text that evaluates to one`,
    );
  }
  const known = texts.get(query);
  if (known !== undefined) return known;
  const text = `(${query})`;
  checkExpression(text, query.name);
  texts.set(query, text);
  return text;
}

function checkExpression(text: string, name: string): void {
  const reason = /^\(class\b/.test(text) ? "a class cannot be called" : syntaxError(text);
  if (reason === undefined) return;
  throw new JSockDClientError(
    "INVALID_COMMAND",
    `Cannot send the function '${name}': ${reason}. Its source must stand on its own; methods, ` +
      "accessors, classes, and native or bound functions cannot be sent: wrap them in an arrow function",
  );
}

/** Compiles, and does not run; a program that forbids even that gets the server's answer instead. */
function syntaxError(text: string): string | undefined {
  try {
    new Function(`return ${text}`);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : undefined;
  }
}
