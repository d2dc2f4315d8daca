/**
 * Waits for a promise up to a time limit, so that a test fails and says what is missing, and never
 * hangs.
 */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  milliseconds = 20_000,
): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`Cannot wait longer than ${milliseconds} ms for ${what}`)),
    milliseconds,
  );
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
