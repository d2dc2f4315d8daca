import { closestString } from "@std/text/closest-string";
import { JSockDClientError, type JSockDErrorCode } from "../common/errors.ts";
import { JSOCKD_VERSION } from "../common/version.ts";

/** Gives, for a value it refuses, what it expected. */
export type FieldCheck = (value: unknown) => string | undefined;

/** A check for each field that an object may have. */
export type FieldChecks<T> = { readonly [Field in keyof Required<T>]: FieldCheck };

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number): FieldCheck {
  return (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `a whole number from ${min} to ${max}`;
}

/** Text of a pattern. */
export function matching(pattern: RegExp, expected: string): FieldCheck {
  return (value) => typeof value === "string" && pattern.test(value) ? undefined : expected;
}

/** One of some texts. */
export function oneOf(...texts: readonly string[]): FieldCheck {
  return (value) =>
    texts.some((text) => text === value) ? undefined : `one of '${texts.join("', '")}'`;
}

/** A function. */
export function callable(value: unknown): string | undefined {
  return typeof value === "function" ? undefined : "a function";
}

/** A switch. */
export function boolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

/** What can abort. */
export function abortSignal(value: unknown): string | undefined {
  return value instanceof AbortSignal ? undefined : "an AbortSignal";
}

/** A path. */
export const path: FieldCheck = matching(/^[^\0]+$/, "a path");

/** A public key. */
export const publicKey: FieldCheck = matching(/^[0-9a-f]{64}$/i, "64 hexadecimal digits");

/** A version of the server. */
export const version: FieldCheck = matching(/^[\w.+-]+$/, `a version such as ${JSOCKD_VERSION}`);

/**
 * Checks an object's fields. What is undefined counts as not given.
 *
 * @param what What the object is, in words.
 * @param code The code of the error.
 * @returns The fields that were given.
 * @throws {JSockDClientError} If it is no object, or a field is unknown or has a value that it cannot
 * have.
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
