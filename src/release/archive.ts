import { type TarStreamEntry, UntarStream } from "@std/tar/untar-stream";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { EXECUTABLE_FILE } from "./release.ts";

/** Largest size that an archive may unpack to, in bytes. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

/**
 * Compressed bytes that are unpacked at once. Gzip expands at most about a thousandfold, so a piece
 * never takes more than some 16 MB of memory.
 */
const PIECE_BYTES = 16 * 1024;

/** The type flag of regular files in tar archives. */
const REGULAR_FILE = "0";

/**
 * Extracts the executable from a release archive.
 *
 * @throws {JSockDClientError} `DOWNLOAD` if the archive cannot be read, is too large or has no
 * executable.
 */
export async function unpackExecutable(
  archive: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  let executable: Uint8Array<ArrayBuffer> | undefined;
  try {
    const entries = ReadableStream.from(piecesOf(archive))
      .pipeThrough(new DecompressionStream("gzip"))
      .pipeThrough(limitBytes(MAX_UNPACKED_BYTES))
      .pipeThrough(new UntarStream());
    for await (const entry of entries) {
      if (executable === undefined && isExecutable(entry)) {
        executable = await new Response(entry.readable).bytes();
      } else {
        await entry.readable?.cancel();
      }
    }
  } catch (cause) {
    throw cannotUnpack(messageOf(cause), cause);
  }
  if (executable !== undefined) return executable;
  throw cannotUnpack(`there is no file '${EXECUTABLE_FILE}' in it`);
}

function isExecutable({ path, header }: TarStreamEntry): boolean {
  return header.typeflag === REGULAR_FILE && path.split("/").at(-1) === EXECUTABLE_FILE;
}

function* piecesOf(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    yield bytes.subarray(start, start + PIECE_BYTES);
  }
}

function limitBytes(
  max: number,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.length;
      if (total > max) throw new RangeError(`it unpacks to more than ${max} bytes`);
      controller.enqueue(chunk);
    },
  });
}

function cannotUnpack(reason: string, cause?: unknown): JSockDClientError {
  return new JSockDClientError("DOWNLOAD", `Cannot unpack the release's archive: ${reason}`, {
    cause,
  });
}
