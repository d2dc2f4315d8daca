import { abortable } from "@std/async/abortable";

/** How long a {@linkcode withTimeLimit} waits. */
export interface TimeLimit {
  /** The longest wait. */
  readonly milliseconds: number;
  /** Makes the error for when it is over. */
  readonly timeoutError: () => Error;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal;
}

/** Waits for a promise, but not for ever. Unlike `AbortSignal.timeout()` it leaves no timer behind. */
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

/** Waits until a promise is fulfilled, or the time is up: whether it was fulfilled. */
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
