import { JSockDClientError } from "../common/errors.ts";
import { describeClientError } from "./report.ts";

/** Checks by name. Each depends on those before it. */
export type Checks = Readonly<Record<string, Check>>;

/** Returns a description of what it found, or throws an error that says what is wrong. */
export type Check = () => string | Promise<string>;

/**
 * Runs checks until one fails and prints the outcome of each.
 *
 * @returns Whether all checks have passed.
 */
export async function diagnose(checks: Checks, signal: AbortSignal): Promise<boolean> {
  let hasPassed = true;
  for (const [name, check] of Object.entries(checks)) {
    if (!hasPassed) {
      console.log(`--    ${name}: not checked, because a check above failed`);
      continue;
    }
    try {
      console.log(`ok    ${name}: ${await check()}`);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof JSockDClientError)) throw error;
      console.log(`FAIL  ${name}: ${describeClientError(error)}`);
      hasPassed = false;
    }
  }
  return hasPassed;
}
