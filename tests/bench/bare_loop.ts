import { encodeCommand } from "../../src/protocol/mod.ts";

const NEWLINE = 0x0A;

/**
 * What the socket itself allows: sends prepared bytes and counts newlines, so many commands at a
 * time, with nothing of the client in between. Gives commands a second.
 */
export async function measureBareLoop(
  socket: Deno.Conn,
  query: string,
  param: string,
  { commands, inFlight }: { commands: number; inFlight: number },
): Promise<number> {
  const bytes = encodeCommand("x", query, param);
  const batch = new Uint8Array(bytes.length * inFlight);
  for (let i = 0; i < inFlight; i++) batch.set(bytes, i * bytes.length);
  const buffer = new Uint8Array(1 << 16);
  const start = performance.now();
  await writeAll(socket, batch);
  let sent = inFlight;
  let answered = 0;
  while (answered < commands) {
    const read = await socket.read(buffer);
    if (read === null) throw new Error("The server closed the socket");
    let answers = 0;
    for (let i = 0; i < read; i++) if (buffer[i] === NEWLINE) answers++;
    answered += answers;
    const next = Math.min(answers, commands - sent);
    if (next > 0) await writeAll(socket, batch.subarray(0, next * bytes.length));
    sent += next;
  }
  return commands / (performance.now() - start) * 1000;
}

async function writeAll(socket: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await socket.write(bytes.subarray(written));
  }
}
