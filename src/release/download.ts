import { delay } from "@std/async/delay";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { net, permissionError } from "../config/needs.ts";
import type { DownloadProgress } from "./options.ts";
import { StallTimer } from "./stall_timer.ts";
import { hostAndPort, isLoopback, withoutPassword } from "./urls.ts";

/** How often a download is tried. */
const TRIES = 3;

/** The pause before the second try; each one after it is four times as long. */
const FIRST_PAUSE_MS = 200;

const MAX_REDIRECTS = 10;

/** Answers that say that there is one, but elsewhere. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Answers below 500 that a later try may not get. */
const RETRIED: readonly number[] = [408, 425, 429];

/** How a file is downloaded. */
export interface DownloadOptions {
  /** Longest time without anything coming, in microseconds. */
  readonly timeoutUs: number;
  /** Ends the download with its reason. */
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/** A failure that another try may not meet. */
class TransientFailure extends Error {}

/**
 * Downloads a file.
 *
 * @param maxBytes The size at which it is given up.
 * @throws {JSockDClientError} `DOWNLOAD` if it cannot be had, `PERMISSION` if it is at a host that may
 * not be connected to. A part of the file may be there then.
 */
export async function download(
  url: URL,
  path: string,
  maxBytes: number,
  options: DownloadOptions,
): Promise<void> {
  for (let tries = 1, pauseMs = FIRST_PAUSE_MS;; tries++, pauseMs *= 4) {
    try {
      return await tryToDownload(url, path, maxBytes, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof TransientFailure)) throw error;
      if (tries === TRIES) {
        throw cannotDownload(url, `${error.message}; tried ${TRIES} times`, error);
      }
    }
    await delay(pauseMs, { signal: options.signal });
  }
}

async function tryToDownload(
  url: URL,
  path: string,
  maxBytes: number,
  { timeoutUs, signal, onProgress }: DownloadOptions,
): Promise<void> {
  using stallTimer = new StallTimer(timeoutUs);
  const response = await open(url, AbortSignal.any([signal, stallTimer.signal]));
  const total = Number(response.headers.get("content-length")) || undefined;
  const file = url.pathname.replace(/^.*\//, "");

  async function* received(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let received = 0;
    for await (const chunk of chunksOf(response)) {
      stallTimer.restart();
      received += chunk.length;
      if (Math.max(received, total ?? 0) > maxBytes) {
        throw cannotDownload(url, `it is larger than ${maxBytes} bytes; check baseUrl`);
      }
      onProgress?.({ file, received, ...total === undefined ? {} : { total } });
      yield chunk;
    }
  }

  await Deno.writeFile(path, ReadableStream.from(received()), { mode: 0o600 });
}

/** Gives the answer that holds the file, wherever it is. */
async function open(url: URL, signal: AbortSignal): Promise<Response> {
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await request(target, signal);
    if (response.status === 200) return response;
    await response.body?.cancel();
    const { status, statusText } = response;
    if (!REDIRECTS.includes(status)) {
      const reason = `${target.host} answered ${status} ${statusText}`;
      if (status >= 500 || RETRIED.includes(status)) throw new TransientFailure(reason);
      throw cannotDownload(url, `${reason}; check jsockdVersion, flavor and baseUrl`);
    }
    target = redirectTarget(url, target, response);
  }
  throw cannotDownload(url, `there are more than ${MAX_REDIRECTS} redirects; check baseUrl`);
}

/** Where an answer redirects to: over a network only by HTTPS. */
function redirectTarget(url: URL, from: URL, { headers }: Response): URL {
  const location = headers.get("location");
  const target = location === null ? null : URL.parse(location, from);
  const isAllowed = target?.protocol === "https:" ||
    (target?.protocol === "http:" && url.protocol === "http:" && isLoopback(target));
  if (target !== null && isAllowed) return target;
  throw cannotDownload(
    url,
    `${from.host} redirects to '${location ?? ""}', and only 'https:' is followed`,
  );
}

async function request(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    // A compressed answer would be decompressed on the way, and is not what was signed.
    const headers = { "accept-encoding": "identity" };
    return await fetch(url, { headers, redirect: "manual", signal });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw permissionError(`download from '${url.host}'`, [net(hostAndPort(url))]);
    }
    throw toTransient(error);
  }
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  try {
    yield* body ?? [];
  } catch (error) {
    throw toTransient(error);
  }
}

function toTransient(error: unknown): TransientFailure {
  // What went wrong is said by what is innermost.
  const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  return new TransientFailure(messageOf(cause), { cause });
}

function cannotDownload(url: URL, reason: string, cause?: Error): JSockDClientError {
  return new JSockDClientError("DOWNLOAD", `Cannot download '${withoutPassword(url)}': ${reason}`, {
    cause,
  });
}
