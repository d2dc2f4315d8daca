import { JSockDClientError, messageOf } from "../common/errors.ts";

/** Nesting up to which a value is looked through before it is written. */
const MAX_PLAIN_DEPTH = 100;

/**
 * Returns a value as JSON text. As with `JSON.stringify`, undefined properties are left out,
 * `toJSON` is called, and numbers that are not finite become `null`. Unlike there, undefined
 * becomes `null`, and functions and symbols throw.
 *
 * @throws {TypeError} If the value contains a BigInt, a cycle, a function or a symbol.
 */
export function toJson(value: unknown): string {
  if (typeof value === "number" || typeof value === "string") return JSON.stringify(value);
  // A replacer takes far longer than JSON.stringify() itself, so most values go without.
  if (isPlain(value, 0)) return JSON.stringify(value) ?? "null";
  // JSON.stringify() also returns undefined for an object whose toJSON() does.
  return JSON.stringify(value, throwOnDropped) ?? "null";
}

/** Whether a value is made of data alone: JSON drops nothing of it, and calls none of its methods. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== "object") return typeof value !== "function" && typeof value !== "symbol";
  if (value === null) return true;
  // A cycle ends here as well.
  if (depth > MAX_PLAIN_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth + 1)) return false;
    return true;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) {
    if (!isPlain((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
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

/** Returns JSON text from a server as it is. */
export function asJsonText(text: string): string {
  return text;
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
