/**
 * Makes `performance.now()` later by some milliseconds, until disposal. Timers are not affected.
 */
export function advanceClock(milliseconds: number): Disposable {
  const { now } = performance;
  performance.now = () => now.call(performance) + milliseconds;
  return { [Symbol.dispose]: () => void (performance.now = now) };
}
