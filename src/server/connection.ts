import { JSockDClientError, JSockDJSException } from "../errors.ts";
import { encodeMessageResponse, RESET_COMMAND, RESET_REPLY } from "../protocol/commands.ts";
import { INTERNAL_ERROR } from "../protocol/limits.ts";
import { type CommandRecord, type JSockDRecord, RecordDecoder } from "../protocol/records.ts";
import type { Command } from "./command.ts";
import { answerMessage } from "./message_exchange.ts";
import { SocketWriter } from "./socket_writer.ts";

const READ_BUFFER_BYTES = 1 << 16;

/** How long an answer to `?reset` is waited for before another is sent, at first. */
const FIRST_RESET_RETRY_MS = 20;

/** One socket, and so one thread of the server: commands out, records in, messages answered. */
export class Connection {
  /** Resolves when the server has closed the socket, or {@linkcode close} was called. */
  readonly closed: Promise<void>;
  /** Called when the connection can take a command again. */
  onIdle: () => void = () => {};
  readonly #socket: Deno.UnixConn;
  readonly #writer: SocketWriter;
  #open = true;
  /** What the server works on. */
  #command: Command | undefined;
  /** How many bytes must have been written for it to have reached the server whole. */
  #commandEnd = 0;
  /** Whether that has sent a message. */
  #messageSeen = false;
  /** Whether the server waits for the answer to one. */
  #answering = false;
  /** Between `?reset` and its answer nothing that comes is to be trusted. */
  #resetting = false;
  #resetsUnanswered = 0;
  #resetTimer: ReturnType<typeof setTimeout> | undefined;
  #silentTicks = 0;

  private constructor(socket: Deno.UnixConn) {
    this.#socket = socket;
    this.#writer = new SocketWriter(socket);
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

  /** The command that was sent and has no answer yet. */
  get command(): Command | undefined {
    return this.#command;
  }

  /** Whether the server may have begun with that command: it cannot before it has all of it. */
  get mayHaveBegun(): boolean {
    return this.#writer.writtenBytes >= this.#commandEnd;
  }

  /** Sends a command. The connection must be idle. */
  send(command: Command): void {
    this.#command = command;
    this.#messageSeen = false;
    this.#answering = false;
    this.#silentTicks = 0;
    this.#commandEnd = this.#writer.push(command.bytes);
  }

  /** Closes the socket, at which the server ends. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#resetTimer);
    this.#socket.close();
  }

  /**
   * To be called at regular times; gives how many times in a row the server then owed something and
   * had sent nothing. It owes nothing while it waits for a message's answer.
   */
  tick(): number {
    const owes = this.#resetting || (this.#command !== undefined && !this.#answering);
    return owes ? ++this.#silentTicks : 0;
  }

  async #read(): Promise<void> {
    const decoder = new RecordDecoder();
    const controller = { enqueue: (record: JSockDRecord) => this.#take(record) };
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    try {
      for (;;) {
        const bytes = await this.#socket.read(buffer);
        if (bytes === null) break;
        this.#silentTicks = 0;
        decoder.transform(buffer.subarray(0, bytes), controller);
      }
    } catch {
      // A reset connection is as closed as one at its end: the process's exit tells why.
    }
    this.close();
  }

  #take(record: JSockDRecord): void {
    if (this.#resetsUnanswered > 0 && isResetReply(record)) return this.#takeResetReply();
    if (this.#resetting) return;
    const command = this.#command;
    if (command === undefined || !isAbout(command, record)) return this.#distrust(record);
    if (record.type === "message") return void this.#takeMessage(command, record.data);
    this.#command = undefined;
    if (record.type === "ok") {
      command.resolve(record.data);
    } else {
      command.reject(new JSockDJSException(record.data));
      // How much of an answer was read before the exception is unknown: the rest of it would be
      // taken for commands.
      if (this.#messageSeen) return this.#reset();
    }
    this.onIdle();
  }

  async #takeMessage(command: Command, messageJson: string): Promise<void> {
    if (!this.#messageSeen) command.onSettled(() => this.#refuseMessage(command));
    this.#messageSeen = true;
    this.#answering = true;
    if (command.state !== "pending") return this.#refuseMessage(command);
    try {
      const answer = await answerMessage(command, messageJson);
      if (command.state === "pending") this.#answer(answer);
    } catch (error) {
      command.reject(error);
    }
  }

  /** Frees a thread that waits for an answer which no caller wants any more. */
  #refuseMessage(command: Command): void {
    if (this.#command === command && this.#answering) this.#answer(refusal(command));
  }

  #answer(answer: Uint8Array): void {
    this.#answering = false;
    this.#silentTicks = 0;
    this.#writer.push(answer);
  }

  /** Nobody can say whose record this is, so nobody gets it, nor what follows it. */
  #distrust(record: JSockDRecord): void {
    this.#command?.reject(
      new JSockDClientError("PROTOCOL", `Cannot trust the server: it sent ${describe(record)}`),
    );
    this.#command = undefined;
    this.#reset();
  }

  /**
   * Gets into step with the server again. A `?reset` is lost if the server reads it as part of a
   * message's answer, so it is sent until one is answered.
   */
  #reset(retryMs = FIRST_RESET_RETRY_MS): void {
    this.#resetting = true;
    this.#resetsUnanswered++;
    this.#writer.push(RESET_COMMAND);
    this.#resetTimer = setTimeout(() => this.#reset(retryMs * 2), retryMs);
  }

  #takeResetReply(): void {
    this.#resetsUnanswered--;
    if (!this.#resetting) return;
    clearTimeout(this.#resetTimer);
    this.#resetting = false;
    this.onIdle();
  }
}

/** The answer that makes `sendMessage` throw. */
function refusal(command: Command): Uint8Array {
  return encodeMessageResponse(command.id, INTERNAL_ERROR);
}

function isAbout(command: Command, record: JSockDRecord): record is CommandRecord {
  return "id" in record && record.id === command.id;
}

function isResetReply(record: JSockDRecord): boolean {
  return record.type === "control" && record.text === RESET_REPLY;
}

function describe(record: JSockDRecord): string {
  const text = "id" in record ? `${record.type} for the command '${record.id}'` : record.text;
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
