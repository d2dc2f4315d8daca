import { JSockDClientError, messageOf } from "../common/errors.ts";

/**
 * Returns a value as JSON text. As with `JSON.stringify`, undefined properties are left out,
 * `toJSON` is called, and numbers that are not finite become `null`. Unlike there, undefined
 * becomes `null`, and functions and symbols throw.
 *
 * @throws {TypeError} If the value contains a BigInt, a cycle, a function or a symbol.
 */
export function toJson(value: unknown): string {
  if (typeof value === "number" || typeof value === "string") return JSON.stringify(value);
  // JSON.stringify() also returns undefined for an object whose toJSON() does.
  return JSON.stringify(value, throwOnDropped) ?? "null";
}

/** A replacer that throws for functions and symbols, which `JSON.stringify` would silently drop. */
function throwOnDropped(key: string, value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(`${key === "" ? "it" : `its property '${key}'`} is a ${typeof value}`);
  }
  return value;
}

/**
 * Returns a parameter as JSON text.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if JSON cannot hold it.
 */
export function toParamJson(param: unknown): string {
  try {
    return toJson(param);
  } catch (cause) {
    throw new JSockDClientError(
      "INVALID_COMMAND",
      `Cannot send the parameter as JSON: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/**
 * Checks that text can be sent as a parameter.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if the text is not JSON.
 */
export function checkParamJson(jsonParam: string): void {
  try {
    JSON.parse(jsonParam);
  } catch (cause) {
    throw new JSockDClientError(
      "INVALID_COMMAND",
      `Cannot send the parameter: it is not JSON: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/**
 * Parses JSON text from a server.
 *
 * @throws {JSockDClientError} `PROTOCOL` if it is not JSON.
 */
export function fromServerJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new JSockDClientError(
      "PROTOCOL",
      `Cannot parse what the server sent as JSON: ${text.slice(0, 100)}`,
      { cause },
    );
  }
}
