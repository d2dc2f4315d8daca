import { delay } from "@std/async/delay";
import { within } from "./within.ts";

/** Waits until something is so that nothing announces. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  let given = false;
  const wait = async () => {
    while (!given && !condition()) await delay(1);
  };
  try {
    await within(wait(), what);
  } finally {
    given = true;
  }
}
