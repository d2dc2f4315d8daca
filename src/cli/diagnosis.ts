import { JSockDClientError } from "../common/errors.ts";
import { describeClientError } from "./report.ts";

/** Things that must be right, in the order in which they are needed. */
export type Checks = Readonly<Record<string, Check>>;

/** Gives what it found, in words, or throws what is wrong and what to do. */
export type Check = () => string | Promise<string>;

/** Makes checks until `signal` aborts, and prints their outcomes; whether all is right. */
export async function diagnose(checks: Checks, signal: AbortSignal): Promise<boolean> {
  let isSound = true;
  for (const [name, check] of Object.entries(checks)) {
    if (!isSound) {
      console.log(`--    ${name}: not checked, since it takes the above`);
      continue;
    }
    try {
      console.log(`ok    ${name}: ${await check()}`);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof JSockDClientError)) throw error;
      console.log(`FAIL  ${name}: ${describeClientError(error)}`);
      isSound = false;
    }
  }
  return isSound;
}
