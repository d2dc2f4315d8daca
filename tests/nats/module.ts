/** The module of the workers that the tests start. */

/** Returns its parameter. */
export function echo<T>(value: T): T {
  return value;
}

/** Runs for some milliseconds, and returns a number unchanged. */
export function busy({ ms, n }: { ms: number; n: number }): number {
  const end = Date.now() + ms;
  while (Date.now() < end);
  return n;
}

/** Returns which version of the module this is. */
export function version(): number {
  return 1;
}
