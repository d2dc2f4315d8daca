import { encodeCommand, encodeMessageResponse } from "../../src/protocol/mod.ts";

const NEWLINE = 0x0A;
const READ_BUFFER_BYTES = 1 << 16;

/** The command that a bare loop sends over and over. */
export interface BareLoop {
  readonly query: string;
  readonly param: string;
  /** The number of commands to keep in flight. */
  readonly inFlight: number;
}

/**
 * Measures the throughput of a server and its socket without the client: writes prepared bytes and
 * counts newlines for some milliseconds. Resolves to commands a second.
 */
export async function runBareLoop(
  socket: Deno.Conn,
  { query, param, inFlight }: BareLoop,
  milliseconds: number,
): Promise<number> {
  const bytes = encodeCommand("x", query, param);
  const batch = new Uint8Array(bytes.length * inFlight);
  for (let i = 0; i < inFlight; i++) batch.set(bytes, i * bytes.length);
  const start = performance.now();
  await writeAll(socket, batch);
  let waitingFor = inFlight;
  let answered = 0;
  for await (const newlines of readNewlines(socket)) {
    answered += newlines;
    waitingFor -= newlines;
    if (performance.now() - start < milliseconds) {
      await writeAll(socket, batch.subarray(0, newlines * bytes.length));
      waitingFor += newlines;
    }
    if (waitingFor === 0) break;
  }
  return answered / (performance.now() - start) * 1000;
}

/**
 * Like {@linkcode runBareLoop}, but for one command that sends a number of messages, each answered
 * with prepared bytes. Resolves to messages a second.
 */
export async function runBareMessageLoop(
  socket: Deno.Conn,
  query: string,
  messages: number,
): Promise<number> {
  const answer = encodeMessageResponse("x", "1");
  const start = performance.now();
  await writeAll(socket, encodeCommand("x", query, String(messages)));
  let seen = 0;
  for await (const newlines of readNewlines(socket)) {
    seen += newlines;
    if (seen > messages) break;
    await writeAll(socket, answer);
  }
  return messages / (performance.now() - start) * 1000;
}

async function* readNewlines(socket: Deno.Conn): AsyncGenerator<number> {
  const buffer = new Uint8Array(READ_BUFFER_BYTES);
  for (;;) {
    const read = await socket.read(buffer);
    if (read === null) throw new Error("The server closed the socket");
    let newlines = 0;
    for (let i = 0; i < read; i++) if (buffer[i] === NEWLINE) newlines++;
    yield newlines;
  }
}

async function writeAll(socket: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await socket.write(rest));
}
