import { closestString } from "@std/text/closest-string";
import { JSockDClientError, type JSockDErrorCode } from "../common/errors.ts";
import { JSOCKD_VERSION } from "../common/version.ts";

/**
 * Returns a description of what was expected if a value is invalid, and undefined if it is valid.
 */
export type FieldCheck = (value: unknown) => string | undefined;

/** A check for each field of an object. */
export type FieldChecks<T> = { readonly [Field in keyof Required<T>]: FieldCheck };

/** Returns a check for a whole number from `min` to `max`. */
export function integer(min: number, max: number): FieldCheck {
  return (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `a whole number from ${min} to ${max}`;
}

/** Returns a check for text that matches a pattern. */
export function matching(pattern: RegExp, expected: string): FieldCheck {
  return (value) => typeof value === "string" && pattern.test(value) ? undefined : expected;
}

/** Returns a check for one of some texts. */
export function oneOf(...texts: readonly string[]): FieldCheck {
  return (value) =>
    texts.some((text) => text === value) ? undefined : `one of '${texts.join("', '")}'`;
}

/** Checks for a function. */
export function callable(value: unknown): string | undefined {
  return typeof value === "function" ? undefined : "a function";
}

/** Checks for a boolean. */
export function boolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

/** Checks for an `AbortSignal`. */
export function abortSignal(value: unknown): string | undefined {
  return value instanceof AbortSignal ? undefined : "an AbortSignal";
}

/** Checks for a path. */
export const path: FieldCheck = matching(/^[^\0]+$/, "a path");

/** Checks for the hexadecimal text of an Ed25519 public key. */
export const publicKey: FieldCheck = matching(/^[0-9a-f]{64}$/i, "64 hexadecimal digits");

/** Checks for a version of the server. */
export const version: FieldCheck = matching(/^[\w.+-]+$/, `a version such as ${JSOCKD_VERSION}`);

/**
 * Checks the fields of an object. A field that is undefined counts as missing.
 *
 * @param what A name for the object in error messages.
 * @param code The code of the error.
 * @returns A copy of the object without undefined fields.
 * @throws {JSockDClientError} If it is not an object, or a field is unknown or invalid.
 */
export function checkFields<T extends object>(
  object: T,
  checks: FieldChecks<T>,
  what: string,
  code: JSockDErrorCode = "CONFIG",
): T {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    throw new JSockDClientError(
      code,
      `Cannot use ${Deno.inspect(object)} as the ${what}: expected an object`,
    );
  }
  const given = Object.entries(object).filter(([, value]) => value !== undefined);
  for (const [field, value] of given) {
    if (!Object.hasOwn(checks, field)) {
      const nearest = closestString(field, Object.keys(checks));
      throw new JSockDClientError(
        code,
        `Cannot use the ${what}: there is no field '${field}'; did you mean '${nearest}'?`,
      );
    }
    const expected = checks[field as keyof T](value);
    if (expected !== undefined) {
      throw new JSockDClientError(
        code,
        `Cannot use ${Deno.inspect(value)} as ${field}: expected ${expected}`,
      );
    }
  }
  return Object.fromEntries(given) as T;
}
