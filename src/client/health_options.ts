import { MAX_TIMEOUT_US } from "../config/config.ts";
import { checkFields, type FieldChecks, integer } from "../config/field_checks.ts";

/**
 * Half of what Kubernetes waits for a probe by default, so that the report arrives in time.
 */
const DEFAULT_TIMEOUT_US = 500_000;

/**
 * The options of `JSockDClient.health`.
 *
 * @example A longer wait
 * ```ts
 * import type { HealthOptions } from "@x/jsockd";
 *
 * const options: HealthOptions = { timeoutUs: 2_000_000 };
 * ```
 */
export interface HealthOptions {
  /** How long to wait for the threads to answer, in microseconds. Default 500,000. */
  timeoutUs?: number;
}

const CHECKS: FieldChecks<HealthOptions> = { timeoutUs: integer(1, MAX_TIMEOUT_US) };

/**
 * Checks the options and returns the time to wait, in milliseconds.
 *
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or invalid.
 */
export function toHealthMilliseconds(options: HealthOptions): number {
  const { timeoutUs = DEFAULT_TIMEOUT_US } = checkFields(options, CHECKS, "health options");
  return Math.ceil(timeoutUs / 1000);
}
