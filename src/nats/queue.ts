import type { PendingCommand } from "./pending_command.ts";

/** The pause between two attempts to send a command that waits, in milliseconds. */
const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 50;

/** How many commands to send after a pause at most. */
const MAX_BATCH = 64;

/**
 * After how many commands that left a worker one more is sent than have left, when there was no room
 * for one. Each time that there is room, half as many do.
 */
const CAUTION = 16;

/**
 * The commands that wait for a worker with room, in the order of the calls. When a command of this
 * client has left a worker, there is room for the next one. Now and then one is sent in any case: there
 * may be more workers, or less to do for other clients.
 */
export class Queue {
  readonly #send: (command: PendingCommand) => void;
  #commands: PendingCommand[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = MIN_PAUSE_MS;
  /** How many commands to send after the next pause: the more, the longer all found a worker. */
  #batch = 1;
  #left = 0;
  #caution = 1;
  #stopped = false;

  /** Creates an empty queue. */
  constructor(send: (command: PendingCommand) => void) {
    this.#send = send;
  }

  /** The commands that wait. */
  get waiting(): PendingCommand[] {
    return this.#commands.filter(({ state }) => state === "pending");
  }

  /** Whether none waits. */
  get isEmpty(): boolean {
    return this.#commands.length === 0;
  }

  /** Whether a command need not wait. */
  get isOpen(): boolean {
    return !this.#stopped && this.isEmpty;
  }

  /** Whether nothing is sent, because there is no connection. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Adds a command behind the others. */
  push(command: PendingCommand): void {
    this.#commands.push(command);
    this.#setTimer();
  }

  /** Puts a command back that was sent and is to be sent again. It comes before those called later. */
  putBack(command: PendingCommand): void {
    const later = this.#commands.findIndex(({ number }) => number > command.number);
    this.#commands.splice(later < 0 ? this.#commands.length : later, 0, command);
    this.#setTimer();
  }

  /** Records that a worker had no room. */
  slowDown(): void {
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    this.#batch = 1;
    this.#caution = CAUTION;
  }

  /** Sends the next command: one of this client has left a worker. */
  sendNext(): void {
    this.#pauseMs = MIN_PAUSE_MS;
    this.#sendOne();
    if (++this.#left < this.#caution) return;
    this.#left = 0;
    this.#caution = Math.max(1, this.#caution / 2);
    this.#sendOne();
  }

  /** Stops sending, while there is no connection. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Sends all that wait, as far as workers have room for them. */
  start(): void {
    this.#stopped = false;
    const commands = this.waiting;
    this.#commands = [];
    for (const command of commands) this.#send(command);
  }

  /** Removes and returns all commands. */
  clear(): PendingCommand[] {
    this.stop();
    const { waiting } = this;
    this.#commands = [];
    return waiting;
  }

  #sendOne(): void {
    if (this.#stopped) return;
    for (let command; (command = this.#commands.shift()) !== undefined;) {
      if (command.state === "pending") return this.#send(command);
    }
  }

  #setTimer(): void {
    if (this.#stopped) return;
    // Many clients must not ask in step.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (let sent = 0; sent < this.#batch; sent++) this.#sendOne();
      this.#batch = Math.min(this.#batch * 2, MAX_BATCH);
      if (!this.isEmpty) this.#setTimer();
    }, this.#pauseMs * (0.5 + Math.random()));
  }
}
