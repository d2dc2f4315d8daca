import { JSockDClientError, JSockDJSException, messageOf } from "../common/errors.ts";
import { formatMessageResponse, RESET_COMMAND } from "../protocol/commands.ts";
import { INTERNAL_ERROR } from "../protocol/limits.ts";
import { type CommandRecord, type JSockDRecord, RecordDecoder } from "../protocol/records.ts";
import type { Command } from "./command.ts";
import type { Counters } from "./counters.ts";
import { answerMessage } from "./message_exchange.ts";
import type { QueryRecord } from "./query_history.ts";
import { Reset } from "./reset.ts";
import { SocketWriter } from "./socket_writer.ts";

const READ_BUFFER_BYTES = 1 << 16;

/**
 * Microtasks in which callers take their results and send what comes next. Reading on only after them
 * saved a lone caller a tenth of the time of a command: the server gets to work sooner.
 */
const CALLERS_TURNS = 16;

/**
 * Work that may be in flight on one connection, as far as it can be estimated. Enough to keep a thread
 * busy while its answers travel; too little for a slow command to wait behind another one here while a
 * thread elsewhere falls idle.
 */
const MAX_SHARED_WORK_MS = 1;

interface InFlight {
  readonly command: Command;
  /** How long the command was expected to take when it was sent. */
  readonly workMs: number;
  /** Its number among all that was written. */
  readonly position: number;
}

/** One socket, and so one thread of the server: commands out, records in, messages answered. */
export class Connection {
  /** Resolves when the server has closed the socket, or {@linkcode close} was called. */
  readonly closed: Promise<void>;
  /** Called when the connection may be able to take a command again. */
  onReady: () => void = () => {};
  /** Called with commands that were sent and must be sent again. */
  onReturned: (commands: Command[]) => void = () => {};
  readonly #socket: Deno.UnixConn;
  readonly #thread: number;
  readonly #counters: Counters;
  readonly #writer: SocketWriter;
  #open = true;
  /** What the server has to answer, in the order in which it will. */
  #inFlight: InFlight[] = [];
  #workMs = 0;
  /** Since when the server has been working on what it answers next. */
  #workingSince = 0;
  readonly #justAnswered: QueryRecord[] = [];
  /** Whether the first in flight has sent a message. */
  #messageSeen = false;
  /** Whether the server waits for the answer to one. */
  #answering = false;
  readonly #reset = new Reset(() => this.#writer.push(RESET_COMMAND));
  #silentTicks = 0;

  private constructor(socket: Deno.UnixConn, thread: number, counters: Counters) {
    this.#socket = socket;
    this.#thread = thread;
    this.#counters = counters;
    this.#writer = new SocketWriter(socket, counters);
    this.closed = this.#read();
  }

  /** Connects to a socket that the server listens on; throws if it does not. */
  static async open(path: string, thread: number, counters: Counters): Promise<Connection> {
    try {
      return new Connection(await Deno.connect({ transport: "unix", path }), thread, counters);
    } catch (cause) {
      throw new Error(`Cannot connect to '${path}': ${messageOf(cause)}`, { cause });
    }
  }

  /** Whether the connection can take any command. */
  get idle(): boolean {
    return this.#open && this.#inFlight.length === 0 && !this.#reset.pending;
  }

  /** How many commands were sent and have no answer yet. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** The commands that were sent and have no answer yet. */
  get commands(): Command[] {
    return this.#inFlight.map(({ command }) => command);
  }

  /** Whether the connection can take a command behind those in flight. */
  canShare(command: Command, maxDepth: number): boolean {
    const first = this.#inFlight[0];
    return this.#open && !this.#reset.pending && first !== undefined && first.command.shareable &&
      command.shareable && this.#inFlight.length < maxDepth &&
      this.#workMs + command.history.runtimeMs <= MAX_SHARED_WORK_MS;
  }

  /** Sends a command, which the connection must be able to take. */
  send(command: Command): void {
    if (this.#inFlight.length === 0) {
      this.#workingSince = performance.now();
      this.#silentTicks = 0;
    }
    const workMs = command.history.runtimeMs;
    this.#inFlight.push({ command, workMs, position: this.#writer.push(command.text) });
    this.#workMs += workMs;
    command.observer?.sent(this.#thread);
  }

  /**
   * Gives up what is in flight, in two parts: what the server may have begun with, and what it cannot
   * have, as it has not answered what comes before it, or has not got all of it.
   */
  abandon(): { begun: Command[]; notBegun: Command[] } {
    const { commands } = this;
    const first = this.#inFlight[0];
    const begun = first !== undefined && first.position <= this.#writer.written ? 1 : 0;
    this.#forgetInFlight();
    return { begun: commands.slice(0, begun), notBegun: commands.slice(begun) };
  }

  /** Closes the socket, at which the server ends. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#reset.stop();
    this.#socket.close();
  }

  /**
   * To be called at regular times; gives how many times in a row the server then owed something and
   * had sent nothing. It owes nothing while it waits for a message's answer.
   */
  tick(): number {
    const owes = this.#reset.pending || (this.#inFlight.length > 0 && !this.#answering);
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
        this.#counters.bytesReceived += bytes;
        if (!this.#reset.pending) this.#silentTicks = 0;
        decoder.transform(buffer.subarray(0, bytes), controller);
        if (this.#justAnswered.length > 0) this.#learn();
        // What callers send next had better leave before the next read is prepared.
        for (let turn = 0; turn < CALLERS_TURNS; turn++) await undefined;
      }
    } catch {
      // A reset connection is as closed as one at its end: the process's exit tells why.
    }
    this.close();
  }

  #take(record: JSockDRecord): void {
    if (!this.#open) return;
    if (this.#reset.takeReply(record)) {
      this.#silentTicks = 0;
      return this.onReady();
    }
    if (this.#reset.pending) return;
    const first = this.#inFlight[0];
    if (first === undefined || !isAbout(first.command, record)) return this.#distrust(record);
    if (record.type === "message") return this.#takeMessage(first.command, record.data);
    this.#inFlight.shift();
    // From none in flight on, rounding errors start anew.
    this.#workMs = this.#inFlight.length === 0 ? 0 : this.#workMs - first.workMs;
    const messageSeen = this.#messageSeen;
    this.#messageSeen = false;
    this.#answering = false;
    if (!messageSeen) this.#justAnswered.push(first.command.history);
    if (record.type === "ok") {
      first.command.resolve(record.data);
    } else {
      first.command.reject(new JSockDJSException(record.data));
      // How much of an answer was read before the exception is unknown: the rest of it would be
      // taken for commands.
      if (messageSeen) return this.#reset.begin();
    }
    this.onReady();
  }

  /** Divides the time since the last answers among the queries of those that came together. */
  #learn(): void {
    const now = performance.now();
    const each = (now - this.#workingSince) / this.#justAnswered.length;
    this.#workingSince = now;
    for (const history of this.#justAnswered) history.learnQuiet(each);
    this.#justAnswered.length = 0;
  }

  #takeMessage(command: Command, messageJson: string): void {
    command.history.learnMessage();
    if (!this.#messageSeen) command.onSettled(() => this.#refuseMessage(command));
    this.#messageSeen = true;
    this.#answering = true;
    if (this.#inFlight.length > 1) return this.#breakUp(command, messageJson);
    if (command.state !== "pending") return this.#refuseMessage(command);
    void this.#handleMessage(command, messageJson);
  }

  async #handleMessage(command: Command, messageJson: string): Promise<void> {
    try {
      const answer = await answerMessage(command, messageJson);
      if (command.state === "pending") this.#answer(answer);
    } catch (error) {
      command.reject(error);
    }
  }

  /**
   * A query that never sent a message has, with other commands in flight behind it, which the server
   * may take for the answer: nothing it says of them is to be trusted, and they are sent again.
   */
  #breakUp(command: Command, messageJson: string): void {
    const behind = this.#inFlight.slice(1).map(({ command }) => command);
    this.#forgetInFlight();
    void this.#handleMessage(command, messageJson);
    this.#answer(refusal(command));
    this.#reset.beginSoon();
    this.onReturned(behind);
  }

  /** Frees a thread that waits for an answer which no caller wants any more. */
  #refuseMessage(command: Command): void {
    if (this.#inFlight[0]?.command === command && this.#answering) this.#answer(refusal(command));
  }

  #answer(answer: string): void {
    this.#answering = false;
    this.#silentTicks = 0;
    this.#writer.push(answer);
  }

  /** Nobody can say whose record this is, so nobody gets it, nor what follows it. */
  #distrust(record: JSockDRecord): void {
    const reason = `Cannot trust the server: it sent ${describe(record)}`;
    for (const { command } of this.#inFlight) {
      command.reject(new JSockDClientError("PROTOCOL", reason));
    }
    this.#forgetInFlight();
    this.#reset.begin();
  }

  #forgetInFlight(): void {
    this.#inFlight = [];
    this.#workMs = 0;
    this.#messageSeen = false;
    this.#answering = false;
  }
}

/** The answer that makes `sendMessage` throw. */
function refusal(command: Command): string {
  return formatMessageResponse(command.id, INTERNAL_ERROR);
}

function isAbout(command: Command, record: JSockDRecord): record is CommandRecord {
  return "id" in record && record.id === command.id;
}

function describe(record: JSockDRecord): string {
  const text = "id" in record ? `${record.type} for the command '${record.id}'` : record.text;
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
