import { concat } from "@std/bytes/concat";
import { JSockDClientError, JSockDJSException } from "../errors.ts";
import { encodeMessageResponse, RESET_COMMAND, RESET_REPLY } from "../protocol/commands.ts";
import { INTERNAL_ERROR } from "../protocol/limits.ts";
import { type CommandRecord, type JSockDRecord, RecordDecoder } from "../protocol/records.ts";
import type { Command } from "./command.ts";

const READ_BUFFER_BYTES = 1 << 16;

/** One socket, and so one thread of the server: commands out, records in, messages answered. */
export class Connection {
  /** Resolves when the server has closed the socket, or {@linkcode close} was called. */
  readonly closed: Promise<void>;
  /** Called when the connection can take a command again. */
  onIdle: () => void = () => {};
  readonly #socket: Deno.UnixConn;
  #open = true;
  /** What the server works on. */
  #command: Command | undefined;
  #messageSent = false;
  /** Between `?reset` and its answer nothing that comes is to be trusted. */
  #resetting = false;
  #unwritten: Uint8Array[] = [];
  #writing = false;

  private constructor(socket: Deno.UnixConn) {
    this.#socket = socket;
    this.closed = this.#read();
  }

  /** Connects to a socket that the server listens on; throws if it does not. */
  static async open(path: string): Promise<Connection> {
    try {
      return new Connection(await Deno.connect({ transport: "unix", path }));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot connect to '${path}': ${reason}`, { cause });
    }
  }

  /** Whether the connection can take a command. */
  get idle(): boolean {
    return this.#open && this.#command === undefined && !this.#resetting;
  }

  /** The command that the server may be working on. */
  get command(): Command | undefined {
    return this.#command;
  }

  /** Sends a command. The connection must be idle. */
  send(command: Command): void {
    this.#command = command;
    this.#messageSent = false;
    this.#write(command.bytes);
  }

  /** Closes the socket, at which the server ends. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.close();
  }

  async #read(): Promise<void> {
    const decoder = new RecordDecoder();
    const controller = { enqueue: (record: JSockDRecord) => this.#take(record) };
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    try {
      for (;;) {
        const bytes = await this.#socket.read(buffer);
        if (bytes === null) break;
        decoder.transform(buffer.subarray(0, bytes), controller);
      }
    } catch {
      // A reset connection is as closed as one at its end: the process's exit tells why.
    }
    this.close();
  }

  #take(record: JSockDRecord): void {
    if (this.#resetting) {
      if (record.type === "control" && record.text === RESET_REPLY) this.#resetDone();
      return;
    }
    const command = this.#command;
    if (command === undefined || !isAbout(command, record)) return this.#distrust(record);
    if (record.type === "message") return void this.#answerMessage(command, record.data);
    this.#command = undefined;
    if (record.type === "ok") {
      command.resolve(record.data);
    } else {
      command.reject(new JSockDJSException(record.data));
      // How much of an answer was read before the exception is unknown: the rest of it would be
      // taken for commands.
      if (this.#messageSent) return this.#reset();
    }
    this.onIdle();
  }

  async #answerMessage(command: Command, messageJson: string): Promise<void> {
    this.#messageSent = true;
    const answer = await answerMessage(command, messageJson);
    if (this.#command === command) this.#write(answer);
  }

  /** Nobody can say whose record this is, so nobody gets it, nor any that follows it. */
  #distrust(record: JSockDRecord): void {
    const line = JSON.stringify("text" in record ? record.text : `${record.id} ${record.type} …`);
    this.#command?.reject(
      new JSockDClientError("PROTOCOL", `Cannot trust the server: it sent ${line.slice(0, 200)}`),
    );
    this.#command = undefined;
    this.#reset();
  }

  #reset(): void {
    this.#resetting = true;
    this.#write(RESET_COMMAND);
  }

  #resetDone(): void {
    this.#resetting = false;
    this.onIdle();
  }

  #write(bytes: Uint8Array): void {
    this.#unwritten.push(bytes);
    if (!this.#writing) void this.#writeAll();
  }

  /** The one place that writes, so that two writes never mix. */
  async #writeAll(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#unwritten.length > 0) {
        const bytes = this.#unwritten.length === 1 ? this.#unwritten[0]! : concat(this.#unwritten);
        this.#unwritten = [];
        let written = 0;
        while (written < bytes.length) {
          written += await this.#socket.write(bytes.subarray(written));
        }
      }
    } catch {
      // The server has closed the socket, which reading finds out, after the records still in it.
    }
    this.#writing = false;
  }
}

function isAbout(command: Command, record: JSockDRecord): record is CommandRecord {
  return "id" in record && record.id === command.id;
}

/** Makes the answer to a message. What goes wrong is the command's error; the server is only told so. */
async function answerMessage(command: Command, messageJson: string): Promise<Uint8Array> {
  try {
    if (command.state !== "pending") return encodeMessageResponse(command.id, INTERNAL_ERROR);
    if (command.messageHandler === undefined) {
      throw new TypeError("the command was sent without a messageHandler");
    }
    const answerJson = await command.messageHandler(messageJson);
    JSON.parse(answerJson);
    return encodeMessageResponse(command.id, answerJson);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    command.reject(
      new JSockDClientError("MESSAGE_HANDLER", `Cannot answer a message: ${reason}`, { cause }),
    );
    return encodeMessageResponse(command.id, INTERNAL_ERROR);
  }
}
