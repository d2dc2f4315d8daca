import { JSockDClientError, messageOf } from "../common/errors.ts";
import { isFulfilledWithin } from "../common/time_limit.ts";
import { formatMessageResponse, RESET_COMMAND } from "../protocol/commands.ts";
import { INTERNAL_ERROR } from "../protocol/limits.ts";
import { type CommandRecord, type JSockDRecord, RecordDecoder } from "../protocol/records.ts";
import type { Command } from "./command.ts";
import type { Counters } from "./counters.ts";
import type { ThreadHealth } from "./health.ts";
import { CommandsInFlight } from "./in_flight.ts";
import { answerMessage } from "./message_exchange.ts";
import { isProbe, ProbeSchedule } from "./probe.ts";
import { Reset } from "./reset.ts";
import { SocketWriter } from "./socket_writer.ts";
import { WorkClock } from "./work_clock.ts";

const READ_BUFFER_BYTES = 1 << 16;

/**
 * Microtasks to wait between two reads. In them, callers get their results and send their next
 * commands, so that the server gets to work before the client prepares the next read. For a lone
 * caller this saves a tenth of the time of a command.
 */
const MICROTASKS_BETWEEN_READS = 16;

/** How many commands a server must have before others wait for company on their way to it. */
const ENOUGH_OWED = 8;

/** What a connection has to know about its thread. */
export interface ConnectionOptions {
  /** The number of the thread. */
  readonly thread: number;
  /** See {@linkcode ProbeSchedule}. */
  readonly limitMs: number;
}

/**
 * A connection to one socket, and so to one thread of the server. It sends commands, matches the
 * records that come back to them, and answers messages.
 *
 * The server works through a connection strictly in order. So only the first command in flight can
 * get an answer, or send a message: a record for any other command means that client and server are
 * out of step.
 *
 * Only the connection closes its socket: when the server closes it, or when `close()` is called. It
 * does not reject the commands in flight then. The dispatcher asks for them with `abandon()`,
 * because those that the server has not begun can run on the next server.
 */
export class Connection {
  /**
   * Resolves when all that the server sent before it closed the socket is read, or after `close()`.
   */
  readonly closed: Promise<void>;
  /** Called when the connection may be able to take a command again. The dispatcher sets it. */
  onReady: () => void = () => {};
  /** Called when the server begins to owe something. The watch of the server sets it. */
  onBusy: () => void = () => {};
  /**
   * Called with commands in flight that must be sent again, because no record for them can be
   * trusted any more. The dispatcher sets it.
   */
  onReturned: (commands: Command[]) => void = () => {};
  readonly #socket: Deno.UnixConn;
  readonly #thread: number;
  readonly #probes: ProbeSchedule;
  readonly #counters: Counters;
  readonly #writer: SocketWriter;
  #open = true;
  /** The commands that were given up when the server died. */
  #abandoned: ReadonlySet<Command> = new Set();
  readonly #inFlight = new CommandsInFlight();
  /** When the latest chunk came. */
  #receivedAt = 0;
  /** Whether the first command in flight has sent a message. */
  #messageSeen = false;
  /** Paused while the server waits for the client to answer a message. */
  readonly #clock = new WorkClock();
  /** Whether there was an answer to a command. */
  #proven = false;
  #hasIsolated = false;
  readonly #reset = new Reset(() => this.#writer.push(RESET_COMMAND));
  /** Chunks and records since the last tick. */
  #chunks = 0;
  #records = 0;

  private constructor(
    socket: Deno.UnixConn,
    { thread, limitMs }: ConnectionOptions,
    counters: Counters,
  ) {
    this.#socket = socket;
    this.#thread = thread;
    this.#probes = new ProbeSchedule(limitMs, performance.now());
    this.#counters = counters;
    this.#writer = new SocketWriter(socket, counters);
    this.closed = this.#read();
  }

  /** Connects to a socket; rejects if no server listens on it. */
  static async open(
    path: string,
    options: ConnectionOptions,
    counters: Counters,
  ): Promise<Connection> {
    try {
      return new Connection(await Deno.connect({ transport: "unix", path }), options, counters);
    } catch (cause) {
      throw new Error(`Cannot connect to '${path}': ${messageOf(cause)}`, { cause });
    }
  }

  /** Whether the connection can take any command. */
  get idle(): boolean {
    return this.#open && this.#inFlight.length === 0 && !this.#reset.pending;
  }

  /** The number of commands that were sent and have no answer yet. */
  get inFlight(): number {
    const { first } = this;
    return this.#inFlight.length - (first !== undefined && isProbe(first) ? 1 : 0);
  }

  /** The command that the server works on, if it works on one. */
  get first(): Command | undefined {
    return this.#inFlight.first?.command;
  }

  /** Whether the server owes an answer. */
  get busy(): boolean {
    return this.#inFlight.length > 0 || this.#reset.pending;
  }

  /** Whether the server has ever answered a command here. */
  get proven(): boolean {
    return this.#proven;
  }

  /** Whether the thread has run an isolated command. */
  get hasIsolated(): boolean {
    return this.#hasIsolated;
  }

  /** Whether the connection can take a command behind those in flight. */
  canShare(command: Command, maxDepth: number): boolean {
    return this.#open && !this.#reset.pending && this.#inFlight.hasRoomFor(command, maxDepth);
  }

  /** Sends a command. Call it only if `idle`, or `canShare()` for this command, is true. */
  send(command: Command, now: number): void {
    const wasBusy = this.#inFlight.length > 0;
    const probe = wasBusy ? undefined : this.#probes.before(now);
    if (probe !== undefined) this.#inFlight.add(probe, this.#writer.queue(probe.text), now);
    this.#inFlight.add(command, this.#writer.queue(command.text), now);
    if (!wasBusy) this.onBusy();
    this.#flush();
    command.observer?.sent(this.#thread);
  }

  /**
   * Gives up the commands in flight when the server is dead, or is about to be.
   *
   * `begun` is what the server may have begun: the first command in flight, if the socket took all
   * of it. It is unknown whether that one had effects. `notBegun` is the rest. The server cannot
   * have begun it: it works in order, and it has not answered the first command, or has not got all
   * of it.
   *
   * @param ranAhead Whether the server may have begun commands before it had sent the answers to those
   * before them. Then all that the socket took may have begun.
   */
  abandon(ranAhead: boolean): { begun: Command[]; notBegun: Command[] } {
    const { commands } = this.#inFlight;
    const taken = this.#inFlight.countUpTo(this.#writer.written);
    const begun = ranAhead ? taken : Math.min(taken, 1);
    this.#clearInFlight();
    this.#abandoned = new Set(commands);
    const notBegun = commands.slice(begun).filter((command) => !isProbe(command));
    return { begun: commands.slice(0, begun), notBegun };
  }

  /** Closes the socket. The server exits as soon as any of its sockets is closed. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#reset.stop();
    this.#socket.close();
  }

  /**
   * Returns for how long the server has worked on what it owes first, a command or a reset, in
   * milliseconds; call it at regular intervals. It does not count while a long answer is read.
   */
  tick(now: number): number {
    const reading = this.#chunks > 0 && this.#records === 0;
    this.#chunks = this.#records = 0;
    return this.#clock.tick(this.#inFlight.first ?? this.#reset.current, now, !reading);
  }

  /**
   * Returns whether the thread answers. One that has nothing to do gets a `?reset`, which runs no
   * JavaScript. Commands that come meanwhile go to other threads, or wait for the reply.
   *
   * @param milliseconds How long to wait for an answer.
   */
  async health(milliseconds: number): Promise<ThreadHealth> {
    const index = this.#thread;
    if (this.#inFlight.length > 0 && this.#open) {
      const reason = this.#clock.paused
        ? "it waits for the client to answer a message"
        : "it runs a command";
      return { index, status: "busy", reason };
    }
    if (this.idle) {
      this.#reset.begin();
      this.onBusy();
    }
    const answered = await isFulfilledWithin(this.#reset.done, milliseconds);
    if (!this.#open) return { index, status: "down", reason: "its socket is closed" };
    if (answered) return { index, status: "ok" };
    return { index, status: "unresponsive", reason: `it did not answer within ${milliseconds} ms` };
  }

  /**
   * The read loop. It drives the decoder directly: a piped TransformStream would be much slower.
   */
  async #read(): Promise<void> {
    const decoder = new RecordDecoder();
    const controller = { enqueue: (record: JSockDRecord) => this.#take(record) };
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    try {
      for (;;) {
        const bytes = await this.#socket.read(buffer);
        if (bytes === null) break;
        this.#receivedAt = performance.now();
        this.#counters.bytesReceived += bytes;
        this.#chunks++;
        decoder.transform(buffer.subarray(0, bytes), controller);
        this.#inFlight.learn(this.#receivedAt);
        this.#flush();
        for (let i = 0; i < MICROTASKS_BETWEEN_READS; i++) await undefined;
      }
    } catch {
      // An error means closed, as the end of the stream does. The exit of the process tells why.
    }
    this.close();
  }

  /** Handles one record. It may settle a command, and it may lead to `send()` through `onReady`. */
  #take(record: JSockDRecord): void {
    if (!this.#open) return;
    this.#records++;
    if (this.#reset.takeReply(record)) return this.onReady();
    if (this.#reset.pending) return;
    const { first } = this;
    if (first === undefined || !belongsTo(record, first)) return this.#distrust(record);
    if (record.type === "message") return this.#takeMessage(first, record.data);
    this.#takeAnswer(first, record);
  }

  /** Settles the first command in flight, unless it has already settled, and frees its place. */
  #takeAnswer(command: Command, { type, data }: CommandRecord): void {
    const messageSeen = this.#messageSeen;
    this.#messageSeen = false;
    const probe = isProbe(command);
    this.#proven ||= !probe;
    this.#hasIsolated ||= command.isolated;
    this.#inFlight.shift(!messageSeen && !probe);
    if (messageSeen) this.#clock.resume();
    if (type === "ok") {
      command.resolve(data, this.#receivedAt);
    } else {
      command.rejectWithException(data);
      // After an exception it is unknown how much of a message's answer the server has read. It
      // would take the rest for commands.
      if (messageSeen) return this.#reset.begin();
    }
    this.onReady();
  }

  /** Answers a message of the first command in flight, or refuses it if the command has settled. */
  #takeMessage(command: Command, messageJson: string): void {
    command.history.learnMessage();
    // A timeout or an aborted signal must not leave the thread waiting for an answer.
    if (!this.#messageSeen) command.onSettled(() => this.#refuseMessage(command));
    this.#messageSeen = true;
    this.#clock.pause();
    if (this.#inFlight.length > 1) return this.#endPipeline(command, messageJson);
    if (command.state !== "pending") return this.#refuseMessage(command);
    void this.#handleMessage(command, messageJson);
  }

  async #handleMessage(command: Command, messageJson: string): Promise<void> {
    try {
      const answer = await answerMessage(command, messageJson);
      if (command.state === "pending" && !this.#abandoned.has(command)) this.#answer(answer);
    } catch (error) {
      // It may have been sent to another server, where its handler is called again.
      if (!this.#abandoned.has(command)) command.reject(error);
    }
  }

  /**
   * Handles a message of a command with others in flight behind it, whose query never sent one
   * before. The server may take the commands behind it for the answer. So the command that sent the
   * message rejects alone, as it has no handler. The others are sent again after a reset, and until
   * then no record on this connection is trusted.
   */
  #endPipeline(command: Command, messageJson: string): void {
    const [, ...behind] = this.#inFlight.commands;
    this.#clearInFlight();
    void this.#handleMessage(command, messageJson);
    this.#answer(refusal(command));
    this.#reset.beginSoon();
    this.onReturned(behind);
  }

  /**
   * Writes the commands that are queued in the writer, unless the server has enough to do: then more
   * of them leave in one write, which wakes the server up once. Called when there are more of them,
   * and when the server has less to do.
   */
  #flush(): void {
    const { queued } = this.#writer;
    if (queued === 0) return;
    const owed = this.#inFlight.length - queued;
    if (owed < ENOUGH_OWED || owed <= queued) this.#writer.flush();
  }

  /** Frees the thread if it waits for an answer to a message of this command. */
  #refuseMessage(command: Command): void {
    if (this.first === command && this.#clock.paused) {
      this.#answer(refusal(command));
    }
  }

  #answer(answer: string): void {
    this.#clock.resume();
    this.#writer.push(answer);
  }

  /**
   * Handles a record that does not belong to the first command in flight. As nobody can tell whose
   * answer is whose any more, all commands in flight reject, and the connection is reset.
   */
  #distrust(record: JSockDRecord): void {
    const reason =
      `Cannot trust the server: it sent ${describe(record)} out of turn; whether the ` +
      "command has run is unknown";
    for (const command of this.#inFlight.commands) {
      command.reject(new JSockDClientError("PROTOCOL", reason));
    }
    this.#clearInFlight();
    this.#reset.begin();
    this.onBusy();
  }

  #clearInFlight(): void {
    this.#inFlight.clear();
    this.#messageSeen = false;
    this.#clock.resume();
  }
}

/** Returns the answer that makes `JSockD.sendMessage()` throw. */
function refusal(command: Command): string {
  return formatMessageResponse(command.id, INTERNAL_ERROR);
}

function belongsTo(record: JSockDRecord, command: Command): record is CommandRecord {
  return "id" in record && record.id === command.id;
}

function describe(record: JSockDRecord): string {
  const text = "id" in record ? `${record.type} for the command '${record.id}'` : record.text;
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
