import { delay } from "@std/async/delay";
import { within } from "./within.ts";

/**
 * Polls a condition that no event announces. Resolves when it is true; rejects if that takes too
 * long.
 */
export async function until(condition: () => boolean, what: string): Promise<void> {
  let stopped = false;
  const wait = async () => {
    while (!stopped && !condition()) await delay(1);
  };
  try {
    await within(wait(), what);
  } finally {
    stopped = true;
  }
}
