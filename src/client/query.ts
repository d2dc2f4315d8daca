import { JSockDClientError } from "../common/errors.ts";

const texts = new WeakMap<object, string>();

/**
 * Returns the text of a query. For a function, this is its source in parentheses, which make a
 * function declaration an expression.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if the source of a function is not an expression,
 * or the query is neither a function nor text.
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
    `Cannot send the function '${name}': ${reason}. Only a function whose source is an expression can ` +
      "be sent. Methods, accessors, classes, native and bound functions have none: wrap them in an " +
      "arrow function",
  );
}

/**
 * Returns the syntax error in a text, if there is one, by compiling it without running it. If the
 * program forbids that (`--disallow-code-generation-from-strings`), the server reports the error
 * later.
 */
function syntaxError(text: string): string | undefined {
  try {
    new Function(`return ${text}`);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : undefined;
  }
}
