import { abortable } from "@std/async/abortable";

/** The limits of {@linkcode withTimeLimit}. */
export interface TimeLimit {
  /** The longest wait. */
  readonly milliseconds: number;
  /** Creates the error to reject with when the time is up. */
  readonly timeoutError: () => Error;
  /** Ends the wait when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for a promise up to a time limit. Unlike `AbortSignal.timeout()`, it leaves no timer
 * behind.
 */
export async function withTimeLimit<T>(promise: Promise<T>, limit: TimeLimit): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(limit.timeoutError()), limit.milliseconds);
  const signals = limit.signal ? [controller.signal, limit.signal] : [controller.signal];
  try {
    return await abortable(promise, AbortSignal.any(signals));
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves to whether a promise is fulfilled within a time. Rejects if the promise does. */
export async function isFulfilledWithin(
  promise: Promise<unknown>,
  milliseconds: number,
): Promise<boolean> {
  const { promise: timeUp, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, milliseconds, false);
  try {
    return await Promise.race([promise.then(() => true), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
