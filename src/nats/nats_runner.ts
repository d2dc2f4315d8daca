import type { CommandRunner, CommonRunOptions } from "../client/command_methods.ts";
import { Latencies, type LatencySummary } from "../client/latencies.ts";
import { Deadlines } from "../common/deadlines.ts";
import type { JSockDClientError } from "../common/errors.ts";
import { TextMap } from "../common/text_map.ts";
import type { RawMessageHandler } from "../server/command.ts";
import type { CheckedClientOptions } from "./client_options.ts";
import { publishIfOpen } from "./connection.ts";
import { busy, expired, lost, mayNotHear, mayNotPublish, noWorkers } from "./failures.ts";
import { Inbox } from "./inbox.ts";
import type { NatsConnection } from "./library.ts";
import { PendingCommand, type PendingCommandHost } from "./pending_command.ts";
import { Queue } from "./queue.ts";
import { checkLine, requestPayload } from "./request.ts";
import { Target } from "./target.ts";
import { type ControlType, pieceBytes, typeHeaders } from "./wire.ts";
import { WorkerWatch } from "./worker_watch.ts";

/** How often to look after workers and commands, in milliseconds. */
const TICK_MS = 250;

/** After how many milliseconds without any reply an idempotent command goes to another worker. */
const TAKE_TIMEOUT_MS = 1_000;

/** After how many milliseconds without any reply another command counts as lost with its worker. */
const LOSS_TIMEOUT_MS = 3_000;

/** How many workers may be lost that may have had an idempotent command, before it rejects. */
const MAX_LOSSES = 3;

/** How many workers a command is sent to, each when the one before had no room, until it waits. */
const ATTEMPTS = 3;

/**
 * How long workers may need to come back after the connection to NATS was lost, in milliseconds. Until
 * then a subject that nobody serves is no reason to reject commands.
 */
const RETURN_MS = 3_000;

/** For {@linkcode NatsRunner.maxInFlight}: it is not known how many workers there are. */
const MANY = 1_024;

/** Runs commands on workers over NATS: sends them, again if need be, and settles them. */
export class NatsRunner implements CommandRunner, PendingCommandHost {
  readonly maxInFlight = MANY;
  /** Called when a worker is lost that had commands. */
  onLost: (worker: string, commands: number, reason: string) => void = () => {};
  readonly #connection: NatsConnection;
  readonly #options: CheckedClientOptions;
  readonly #inbox: Inbox;
  readonly #watch: WorkerWatch;
  readonly #queue = new Queue((command) => this.#send(command));
  readonly #deadlines = new Deadlines<PendingCommand>((command, ms) => this.#expire(command, ms));
  readonly #targets = new TextMap((query) => new Target(query));
  readonly #latencies = new Latencies();
  /** All that are sent, the oldest first, and those of them to which no reply has come. */
  readonly #sent = new Set<PendingCommand>();
  readonly #untaken = new Set<PendingCommand>();
  #ticker: ReturnType<typeof setInterval> | undefined;
  #tickedAt = 0;
  /** When the connection was there again after it was lost. */
  #resumedAt = -Infinity;
  #end: JSockDClientError | undefined;
  #submitted = 0;
  #completed = 0;
  #failed = 0;
  #resent = 0;
  #refused = 0;

  constructor(connection: NatsConnection, options: CheckedClientOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#inbox = new Inbox(connection, (error) => this.close(mayNotHear(error)));
    this.#watch = new WorkerWatch(connection, this.#inbox, (commands, worker, reason) => {
      this.onLost(worker, commands.length, reason);
      for (const command of commands) this.#lose(command, `The worker was lost: ${reason}`);
    });
  }

  /** Why nothing can be run any more. */
  get end(): JSockDClientError | undefined {
    return this.#end;
  }

  /** Counts of commands. */
  get counts() {
    return {
      inFlight: this.#sent.size,
      queued: this.#queue.waiting.length,
      completed: this.#completed,
      failed: this.#failed,
      resent: this.#resent,
      refused: this.#refused,
    };
  }

  /** The latencies of the latest commands. */
  get latency(): LatencySummary {
    return this.#latencies.summary();
  }

  run<Result>(
    query: string,
    paramJson: string,
    parse: (resultJson: string) => Result,
    messageHandler: RawMessageHandler | undefined,
    {
      signal,
      timeoutUs = this.#options.timeoutUs,
      idempotent = false,
      isolated = false,
    }: CommonRunOptions,
  ): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end;
    const calledAt = performance.now();
    const line = this.#targets.get(query).line({
      ms: Math.ceil(timeoutUs / 1000),
      answers: messageHandler !== undefined,
      idempotent,
      isolated,
    });
    checkLine(line, this.maxAnswerBytes);
    const command = new PendingCommand(this, {
      number: this.#submitted++,
      ...{ line, paramJson, idempotent, parse, messageHandler, calledAt },
    });
    command.deadline = this.#deadlines.set(command, timeoutUs / 1000, calledAt);
    if (signal !== undefined) command.rejectOnAbort(signal);
    if (this.#queue.isOpen) this.#send(command);
    else {
      if (!this.#queue.isStopped) command.waitsSince = calledAt;
      this.#queue.push(command);
    }
    return command.result as Promise<Result>;
  }

  /**
   * Takes back what was sent, because the connection is lost, and the replies with it. Nothing is sent
   * until {@linkcode resume}.
   */
  suspend(): void {
    this.#queue.stop();
    this.#watch.clear();
    for (const command of [...this.#sent]) {
      this.#lose(command, "The connection to NATS was lost");
    }
  }

  /** Sends again. */
  resume(): void {
    this.#resumedAt = performance.now();
    this.#queue.start();
  }

  /**
   * Takes that NATS does not let this user publish to a subject. If it is that of the workers, what was
   * sent and has no reply rejects.
   */
  deny(cause: Error, subject: string | undefined): void {
    if (subject !== this.#options.subject) return;
    for (const command of [...this.#untaken]) {
      command.reject(mayNotPublish(subject, cause));
    }
  }

  /** Rejects all commands, and those to come. */
  close(reason: JSockDClientError): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    for (const command of [...this.#queue.clear(), ...this.#sent]) command.cancel(reason);
    clearInterval(this.#ticker);
    this.#deadlines.close();
    this.#watch.clear();
    if (!this.#connection.isClosed()) this.#inbox.close();
  }

  get maxAnswerBytes(): number {
    return pieceBytes(this.#connection.info?.max_payload ?? 0);
  }

  say(control: string, type: ControlType, payload: Uint8Array | string = ""): void {
    publishIfOpen(this.#connection, control, payload, { headers: typeHeaders(type) });
  }

  taken(command: PendingCommand): void {
    this.#untaken.delete(command);
    this.#watch.add(command);
  }

  refused(command: PendingCommand): void {
    this.#takeBack(command);
    if (command.state !== "pending") return command.deadline?.delete();
    this.#refused++;
    const now = performance.now();
    command.refusals++;
    command.waitsSince ??= now;
    if (this.#hasWaitedTooLong(command, now)) return command.reject(this.#busy());
    // NATS chooses a worker at random, so the next one may have room.
    if (command.refusals % ATTEMPTS !== 0) return this.#send(command);
    this.#queue.slowDown();
    this.#queue.putBack(command);
  }

  unserved(command: PendingCommand): void {
    if (command.state === "pending" && performance.now() - this.#resumedAt < RETURN_MS) {
      this.#takeBack(command);
      this.#queue.slowDown();
      return this.#queue.putBack(command);
    }
    command.reject(noWorkers(this.#options.subject));
  }

  settled(command: PendingCommand): void {
    if (command.state === "fulfilled") {
      this.#completed++;
      this.#latencies.add(performance.now() - command.calledAt);
    } else this.#failed++;
  }

  ended(command: PendingCommand): void {
    const wasSent = this.#sent.has(command);
    this.#takeBack(command);
    if (wasSent) this.#queue.sendNext();
  }

  #send(command: PendingCommand): void {
    const token = this.#inbox.add(command);
    command.token = token;
    command.sentAt = performance.now();
    this.#sent.add(command);
    this.#untaken.add(command);
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
    const reply = this.#inbox.subject(token);
    const payload = requestPayload(command, this.maxAnswerBytes);
    publishIfOpen(this.#connection, this.#options.subject, payload, { reply });
  }

  /** Sends a command again that a worker may have had, if it may run twice. */
  #lose(command: PendingCommand, reason: string): void {
    if (!this.#sent.has(command)) return;
    if (command.state !== "pending") return this.ended(command);
    command.losses++;
    if (command.idempotent && command.losses < MAX_LOSSES) return this.#sendAgain(command);
    command.reject(lost(command, reason));
  }

  #sendAgain(command: PendingCommand): void {
    this.#takeBack(command);
    this.#resent++;
    command.refusals = 0;
    command.waitsSince = undefined;
    this.#queue.putBack(command);
  }

  /** Lets nothing more come for the command from where it was sent to. */
  #takeBack(command: PendingCommand): void {
    if (command.token !== undefined) this.#inbox.remove(command.token);
    this.#watch.delete(command);
    this.#sent.delete(command);
    this.#untaken.delete(command);
    command.forgetWorker();
  }

  #expire(command: PendingCommand, milliseconds: number): void {
    if (command.state !== "pending") return this.ended(command);
    command.cancel(expired(command, milliseconds));
    this.ended(command);
  }

  #hasWaitedTooLong({ waitsSince }: PendingCommand, now: number): boolean {
    return waitsSince !== undefined && now - waitsSince > this.#options.queueTimeoutUs / 1000;
  }

  #busy(): JSockDClientError {
    return busy(this.#options.subject, this.#options.queueTimeoutUs);
  }

  /** Looks after commands that were sent and that no worker says it has. */
  #missUntaken(now: number): void {
    for (const command of this.#untaken) {
      const milliseconds = now - command.sentAt;
      if (milliseconds < TAKE_TIMEOUT_MS) return;
      if (command.state !== "pending") this.ended(command);
      else if (command.idempotent) this.#sendAgain(command);
      else if (milliseconds > LOSS_TIMEOUT_MS) {
        this.#lose(
          command,
          `No worker has said within ${LOSS_TIMEOUT_MS} ms that it has the command`,
        );
      }
    }
  }

  /** Looks after workers that may be gone, and commands that nobody has taken. */
  #tick(): void {
    if (this.#sent.size === 0 && this.#queue.isEmpty) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
      return;
    }
    const now = performance.now();
    // If this program itself was held up, replies may have come that it has not read yet.
    const isLate = now - this.#tickedAt > 2 * TICK_MS;
    this.#tickedAt = now;
    this.#watch.tick(now);
    if (!isLate) this.#missUntaken(now);
    for (const command of this.#queue.waiting) {
      if (this.#hasWaitedTooLong(command, now)) command.cancel(this.#busy());
    }
  }
}
