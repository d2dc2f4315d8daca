import { JSockDClientError, messageOf } from "../common/errors.ts";

/**
 * Makes JSON of a value; of undefined, `null`. As in `JSON.stringify`, properties that are undefined
 * are left out, `toJSON` is honoured, and numbers that are not finite become `null`.
 *
 * @throws {TypeError} if the value holds what JSON cannot: a BigInt, a cycle, a function, a symbol.
 */
export function toJson(value: unknown): string {
  if (typeof value === "number" || typeof value === "string") return JSON.stringify(value);
  // It is undefined, too, for an object whose `toJSON` says so.
  return JSON.stringify(value, refuseWhatIsDropped) ?? "null";
}

/** `JSON.stringify` itself would leave functions and symbols out, without a word. */
function refuseWhatIsDropped(key: string, value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(`${key === "" ? "it" : `its property '${key}'`} is a ${typeof value}`);
  }
  return value;
}

/**
 * Makes JSON of a parameter.
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
 * Refuses what a server would not take as a parameter.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if the text is not JSON.
 */
export function checkParamJson(jsonParam: string): void {
  try {
    JSON.parse(jsonParam);
  } catch (cause) {
    throw new JSockDClientError(
      "INVALID_COMMAND",
      `Cannot send the parameter, which is not JSON: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/**
 * Reads JSON that a server sent.
 *
 * @throws {JSockDClientError} `PROTOCOL` if it is none.
 */
export function fromServerJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new JSockDClientError(
      "PROTOCOL",
      `Cannot read what the server sent as JSON: ${text.slice(0, 100)}`,
      { cause },
    );
  }
}
