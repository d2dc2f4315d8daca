import type { Command } from "./command.ts";
import type { QueryRecord } from "./query_history.ts";

/**
 * The limit on estimated work in flight on one connection. It is enough to keep a thread busy while
 * its answers travel. It is too little for a slow command to wait here behind another one while
 * another thread falls idle. With 1 ms, a thread of V8 rendered a third fewer pages of 0.1 ms; with
 * 3 ms, no more of them.
 */
const MAX_SHARED_WORK_MS = 2;

/** A command in flight. */
export interface InFlight {
  readonly command: Command;
  /** The estimated runtime of the command when it was sent. */
  readonly workMs: number;
  /** The position of the command among all texts that the writer was given. */
  readonly position: number;
}

/**
 * The commands that a connection has sent and that have no answer, in the order in which the server
 * answers, and their estimated runtimes, which it learns from the answers. A command that has
 * settled, after a timeout for example, stays here until its answer comes.
 */
export class CommandsInFlight {
  #all: InFlight[] = [];
  /** The sum of `workMs`. */
  #workMs = 0;
  /** When the server began to work on the first one, as far as the client can tell. */
  #workingSince = 0;
  /** The queries that were answered since the last {@linkcode learn}. */
  readonly #justAnswered: QueryRecord[] = [];

  /** The number of commands. */
  get length(): number {
    return this.#all.length;
  }

  /** The commands, in order. */
  get commands(): Command[] {
    return this.#all.map(({ command }) => command);
  }

  /** The command that the server works on, if there is one. */
  get first(): InFlight | undefined {
    return this.#all[0];
  }

  /** Returns how many commands have a position up to this one. */
  countUpTo(position: number): number {
    const index = this.#all.findIndex((one) => one.position > position);
    return index < 0 ? this.#all.length : index;
  }

  /**
   * Whether a command may be sent behind the others. Of these only the first need be checked: those
   * behind it were shareable when they were sent.
   */
  hasRoomFor(command: Command, maxDepth: number): boolean {
    const { first } = this;
    return first !== undefined && first.command.shareable && command.shareable &&
      this.#all.length < maxDepth &&
      this.#workMs + command.history.runtimeMs <= MAX_SHARED_WORK_MS;
  }

  /** Adds a command that is sent now. */
  add(command: Command, position: number, now: number): void {
    if (this.#all.length === 0) this.#workingSince = now;
    const workMs = command.history.runtimeMs;
    this.#all.push({ command, workMs, position });
    this.#workMs += workMs;
  }

  /**
   * Removes the first command, which has its answer.
   *
   * @param isQuiet Whether it sent no message, so that its runtime can be estimated.
   */
  shift(isQuiet: boolean): void {
    const { command, workMs } = this.#all.shift()!;
    // Starting again from 0 keeps rounding errors from adding up.
    this.#workMs = this.#all.length === 0 ? 0 : this.#workMs - workMs;
    if (isQuiet) this.#justAnswered.push(command.history);
  }

  /**
   * Updates the estimates after a chunk of answers. They came together, so the time since the
   * previous chunk is divided equally among them.
   *
   * @param receivedAt When the chunk came.
   */
  learn(receivedAt: number): void {
    if (this.#justAnswered.length === 0) return;
    const each = (receivedAt - this.#workingSince) / this.#justAnswered.length;
    this.#workingSince = receivedAt;
    for (const history of this.#justAnswered) history.learnQuiet(each);
    this.#justAnswered.length = 0;
  }

  /** Removes all commands. */
  clear(): void {
    this.#all = [];
    this.#workMs = 0;
  }
}
