/**
 * A server that speaks JSockD's protocol, but with faults. Its arguments are {@linkcode
 * ServerFault}s of the whole server. A query that is a `CommandFault` causes that fault. Any other
 * query is answered with its parameter.
 *
 *     hostile_server.ts FOLDER [FAULT[@RUN]]... -b 00 ... -s -- SOCKET...
 *
 * It creates a file in the folder, named after its process ID, to count its runs. A fault with
 * `@RUN` occurs only in that run, counted from 1, so that a test can see the client recover in the
 * next one.
 */
import { delay } from "@std/async/delay";
import { join } from "@std/path";
import { listen } from "../../src/embedded/serve/sockets.ts";
import { encodeReady, type Field, FieldDecoder } from "../../src/protocol/mod.ts";
import {
  answerCorrectly,
  COMMAND_FAULTS,
  type Exchange,
  FAULT_EXIT_CODE,
} from "./hostile_commands.ts";
import { NOISE_BYTES } from "./noise.ts";

/** A fault of the whole server. */
export type ServerFault =
  | "dies before READY"
  | "is killed before READY"
  | "dies after READY"
  | "dies when it is connected to"
  | "never becomes ready"
  | "reads nothing"
  | "ignores ?reset"
  | "chatters and ignores ?reset"
  | "loses the first ?reset"
  | "prints READY twice"
  | "has one thread ready"
  | "is noisy on stdout"
  | "is noisy on stderr"
  | "ignores SIGTERM"
  | "reads slowly";

/** One socket of the server. */
class Thread {
  readonly #socket: Deno.UnixConn;
  readonly #fields: AsyncIterableIterator<Field>;
  #resets = 0;

  constructor(socket: Deno.UnixConn) {
    this.#socket = socket;
    this.#fields = socket.readable
      .pipeThrough(new TransformStream({ transform: readSlowly }))
      .pipeThrough(new TransformStream(new FieldDecoder()))
      .values();
  }

  async serve(): Promise<void> {
    let command: string[] = [];
    for await (const { text } of this.#fields) {
      if (text.startsWith("?")) {
        command = [];
        await this.#control(text);
      } else if (command.push(text) === 3) {
        await this.#run(command as [string, string, string]);
        command = [];
      }
    }
  }

  async #run([id, query, param]: [id: string, query: string, param: string]): Promise<void> {
    const exchange: Exchange = {
      id,
      param,
      run,
      write: (data) => this.#write(data),
      nextField: async () => (await this.#fields.next()).value?.text ?? "",
      close: () => this.#socket.close(),
    };
    const fault = COMMAND_FAULTS[query as keyof typeof COMMAND_FAULTS];
    // Without a parameter, even a fault is answered correctly, so that the client learns to
    // pipeline it.
    await (fault === undefined || param === "null" ? answerCorrectly : fault)(exchange);
  }

  async #control(command: string): Promise<void> {
    if (command !== "?reset") return await this.#write("bad command\n");
    this.#resets++;
    if (has("chatters and ignores ?reset")) return await this.#chatter();
    if (has("ignores ?reset") || (has("loses the first ?reset") && this.#resets === 1)) return;
    await this.#write("reset\n");
  }

  async #chatter(): Promise<void> {
    for (;; await delay(10)) await this.#write("nobody ok 1\n");
  }

  async #write(data: string | Uint8Array): Promise<void> {
    let rest = typeof data === "string" ? new TextEncoder().encode(data) : data;
    while (rest.length > 0) rest = rest.subarray(await this.#socket.write(rest));
  }
}

async function readSlowly(
  chunk: Uint8Array,
  controller: TransformStreamDefaultController<Uint8Array>,
): Promise<void> {
  if (has("reads slowly")) await delay(1);
  controller.enqueue(chunk);
}

function has(fault: ServerFault): boolean {
  return faults.has(fault) || faults.has(`${fault}@${run}`);
}

/** Serves one socket. Like a real server, it exits when the socket is closed. */
async function serveOne(listener: Deno.UnixListener): Promise<void> {
  try {
    const socket = await listener.accept();
    if (has("dies when it is connected to")) Deno.exit(FAULT_EXIT_CODE);
    if (has("reads nothing")) return void await delay(1 << 30);
    await new Thread(socket).serve();
  } catch {
    // The client has closed the socket in the middle of an answer.
  }
  if (!has("ignores SIGTERM")) Deno.exit(0);
}

/** Writes more output than a pipe holds, in lines that are too long to be kept whole. */
function makeNoise(): void {
  if (has("is noisy on stdout")) {
    writeAll(Deno.stdout, new Uint8Array(NOISE_BYTES).fill(0x78));
    writeAll(Deno.stdout, "\n");
  }
  if (has("is noisy on stderr")) {
    writeAll(Deno.stderr, Uint8Array.of(0xff, 0xc0, 0x00, 0x0a, 0xe2, 0x82, 0x0a));
    writeAll(Deno.stderr, "* jsockd 0000-00-00T00:00:00.000000Z [INFO] unfinished\n");
    writeAll(Deno.stderr, new Uint8Array(NOISE_BYTES).fill(0xfe));
    writeAll(Deno.stderr, "\n");
  }
}

function writeAll(
  output: { writeSync(bytes: Uint8Array): number },
  data: string | Uint8Array,
): void {
  let rest = typeof data === "string" ? new TextEncoder().encode(data) : data;
  while (rest.length > 0) rest = rest.subarray(output.writeSync(rest));
}

const [folder, ...args] = Deno.args as [string, ...string[]];
const faults = new Set(args.slice(0, args.indexOf("-b")));
const sockets = args.slice(args.indexOf("--") + 1);
await Deno.writeTextFile(join(folder, String(Deno.pid)), "");
const run = Array.from(Deno.readDirSync(folder)).length;

Deno.addSignalListener("SIGTERM", () => has("ignores SIGTERM") || Deno.exit(0));
if (has("dies before READY")) Deno.exit(FAULT_EXIT_CODE);
if (has("is killed before READY")) Deno.kill(Deno.pid, "SIGKILL");

const threads = has("has one thread ready") ? 1 : sockets.length;
const listeners = sockets.slice(0, threads).map(listen);
if (!has("never becomes ready")) {
  const ready = encodeReady({ threads, version: "hostile" });
  writeAll(Deno.stdout, has("is noisy on stdout") ? `noise\n${ready}` : ready);
  if (has("prints READY twice")) writeAll(Deno.stdout, ready);
}
if (has("dies after READY")) Deno.exit(FAULT_EXIT_CODE);
makeNoise();
await Promise.all(listeners.map(serveOne));
await delay(1 << 30);
