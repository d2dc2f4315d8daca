import { delay } from "@std/async/delay";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { net, permissionError } from "../config/needs.ts";
import type { DownloadProgress } from "./options.ts";
import { StallTimer } from "./stall_timer.ts";
import { hostAndPort, isLoopback, withoutPassword } from "./urls.ts";

/** How many times a download is attempted. */
const MAX_ATTEMPTS = 3;

/** The pause after the first attempt. Each later pause is four times as long. */
const FIRST_PAUSE_MS = 200;

const MAX_REDIRECTS = 10;

/** Status codes of redirects. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Status codes below 500 for which another attempt may succeed. */
const RETRYABLE: readonly number[] = [408, 425, 429];

/** Options of a download. */
export interface DownloadOptions {
  /** Longest time without receiving anything, in microseconds. */
  readonly timeoutUs: number;
  /** Aborts the download, which then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/** A failure that another attempt may not meet. */
class TransientFailure extends Error {}

/**
 * Downloads a file, with another attempt after a failure that may be temporary. When it rejects, a
 * part of the file may remain at `path`.
 *
 * @param maxBytes Largest size of the file. A larger one is refused.
 * @throws {JSockDClientError} `DOWNLOAD` if the file cannot be downloaded, `PERMISSION` if Deno may
 * not connect to its host.
 */
export async function download(
  url: URL,
  path: string,
  maxBytes: number,
  options: DownloadOptions,
): Promise<void> {
  for (let attempt = 1, pauseMs = FIRST_PAUSE_MS;; attempt++, pauseMs *= 4) {
    try {
      return await attemptDownload(url, path, maxBytes, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof TransientFailure)) throw error;
      if (attempt === MAX_ATTEMPTS) {
        throw cannotDownload(url, `${error.message}; tried ${MAX_ATTEMPTS} times`, error);
      }
    }
    await delay(pauseMs, { signal: options.signal });
  }
}

async function attemptDownload(
  url: URL,
  path: string,
  maxBytes: number,
  { timeoutUs, signal, onProgress }: DownloadOptions,
): Promise<void> {
  using stallTimer = new StallTimer(timeoutUs);
  const response = await open(url, AbortSignal.any([signal, stallTimer.signal]));
  const total = Number(response.headers.get("content-length")) || undefined;
  const file = url.pathname.replace(/^.*\//, "");

  async function* receive(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
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

  await Deno.writeFile(path, ReadableStream.from(receive()), { mode: 0o600 });
}

/** Follows redirects and returns the response that holds the file. */
async function open(url: URL, signal: AbortSignal): Promise<Response> {
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await request(target, signal);
    if (response.status === 200) return response;
    await response.body?.cancel();
    const { status, statusText } = response;
    if (!REDIRECTS.includes(status)) {
      const reason = `${target.host} answered ${status} ${statusText}`;
      if (status >= 500 || RETRYABLE.includes(status)) throw new TransientFailure(reason);
      throw cannotDownload(url, `${reason}; check jsockdVersion, flavor and baseUrl`);
    }
    target = redirectTarget(url, target, response);
  }
  throw cannotDownload(url, `there are more than ${MAX_REDIRECTS} redirects; check baseUrl`);
}

/** Returns the target of a redirect. Only loopback addresses may be reached without HTTPS. */
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
    // The signature is of the bytes as stored; fetch() would decompress a compressed response.
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
  // fetch() throws a TypeError whose cause is the error that tells what went wrong.
  const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  return new TransientFailure(messageOf(cause), { cause });
}

function cannotDownload(url: URL, reason: string, cause?: Error): JSockDClientError {
  return new JSockDClientError("DOWNLOAD", `Cannot download '${withoutPassword(url)}': ${reason}`, {
    cause,
  });
}
