import type { JSockDClientError } from "../common/errors.ts";
import type { Command } from "./command.ts";
import type { Connection } from "./connection.ts";
import type { Counters } from "./counters.ts";

/**
 * Decides which command goes to which connection, and when.
 *
 * There is one FIFO queue for all connections, so that no command waits for a busy connection while
 * another is idle. The idle connection with the lowest number comes first, so that the server can
 * shut down threads that are not needed. Only if none is idle may a command be pipelined behind
 * others.
 *
 * The dispatcher owns a command while it is queued. A connection owns it from `send()` until the
 * server answers, or until the connection gives it back through `onReturned` or `abandon()`.
 */
export class Dispatcher {
  readonly #maxDepth: number;
  readonly #counters: Counters;
  /**
   * In the order of the calls. A set, because a command that settles leaves from anywhere in it.
   */
  #queue = new Set<Command>();
  /** Those that commands are sent to. */
  #connections: readonly Connection[] = [];
  /** Those that are sent nothing more, but may have commands in flight. */
  #draining = new Set<Connection>();
  /** After `retire()`, receives every command that would be queued here. */
  #successor: ((command: Command) => void) | undefined;

  /**
   * Creates a dispatcher without connections. Each will have at most `maxDepth` commands in flight.
   */
  constructor(maxDepth: number, counters: Counters) {
    this.#maxDepth = maxDepth;
    this.#counters = counters;
  }

  /** The number of commands in the queue. */
  get queued(): number {
    return this.#queue.size;
  }

  /** The number of commands in flight, including those whose caller no longer waits. */
  get inFlight(): number {
    return this.#all.reduce((sum, connection) => sum + connection.inFlight, 0);
  }

  /** Sends a command at once if the queue is empty and a connection can take it; else queues it. */
  submit(command: Command): void {
    if (this.#queue.size === 0 && this.#send(command, command.calledAt)) return;
    this.#queue.add(command);
    command.onSettled(() => this.#queue.delete(command));
  }

  /** Sends queued and future commands to these connections, and to no others. */
  connect(connections: readonly Connection[]): void {
    void this.drain();
    this.#connections = connections;
    for (const connection of connections) {
      this.#draining.delete(connection);
      connection.onReady = () => this.#dispatch();
      connection.onReturned = (commands) => this.#requeue(commands);
    }
    this.#dispatch();
  }

  /**
   * Sends nothing more to the present connections. Resolves when nothing is in flight any more on
   * these, and on those that were drained before.
   */
  async drain(): Promise<void> {
    for (const connection of this.#connections) this.#draining.add(connection);
    this.#connections = [];
    await Promise.all(Array.from(this.#draining, untilNothingInFlight));
  }

  /**
   * Gives up the connections of a server that has died. Rejects the commands that the server may
   * have begun, because they may have had effects, unless they are idempotent. All others go back to
   * the head of the queue and run on the next server.
   *
   * @param ranAhead Whether the server may have begun commands before it had sent the answers to those
   * before them.
   */
  disconnect(
    connections: readonly Connection[],
    reason: JSockDClientError,
    ranAhead: boolean,
  ): void {
    const dead = new Set(connections);
    this.#connections = this.#connections.filter((connection) => !dead.has(connection));
    const lost: Command[] = [];
    const unharmed = connections.flatMap((connection) => {
      this.#draining.delete(connection);
      const { begun, notBegun } = connection.abandon(ranAhead);
      lost.push(...begun.filter((command) => command.lose(reason)));
      return notBegun;
    });
    // The first command on a new server takes longest. If it is not one that was lost before, it is
    // unlikely that the same command is lost twice.
    this.#requeue([...unharmed, ...lost]);
    for (const connection of connections) connection.onReady();
  }

  /**
   * Stops sending: queued commands, and commands in flight that must be sent again, go to
   * `successor`. Resolves when nothing is in flight any more.
   */
  async retire(successor: (command: Command) => void): Promise<void> {
    this.#successor = successor;
    const waiting = [...this.#queue];
    this.#queue.clear();
    for (const command of waiting) successor(command);
    await this.drain();
  }

  /** Rejects every command, queued or in flight. */
  rejectAll(reason: JSockDClientError): void {
    this.disconnect(this.#all, reason, false);
    for (const command of this.#queue) command.reject(reason);
  }

  get #all(): Connection[] {
    return [...this.#connections, ...this.#draining];
  }

  /**
   * Puts commands back at the head of the queue, in their order; leaves out those that have
   * settled.
   */
  #requeue(commands: readonly Command[]): void {
    const pending = commands.filter((command) => command.state === "pending");
    if (this.#successor !== undefined) return pending.forEach(this.#successor);
    for (const command of pending) command.onSettled(() => this.#queue.delete(command));
    this.#queue = new Set([...pending, ...this.#queue]);
    this.#dispatch();
  }

  /**
   * Sends queued commands until one cannot be sent. Those behind it wait, even if a connection
   * could take them: if quick commands could overtake, a command that has to run alone might wait
   * for ever.
   */
  #dispatch(): void {
    if (this.#queue.size === 0) return;
    const now = performance.now();
    for (const command of this.#queue) {
      if (!this.#send(command, now)) return;
      this.#queue.delete(command);
    }
  }

  /** Sends a command on a connection that can take it. Returns false if there is none. */
  #send(command: Command, now: number): boolean {
    const idle = this.#connections.find((connection) => connection.idle);
    const connection = idle ??
      this.#connections.find((connection) => connection.canShare(command, this.#maxDepth));
    if (connection === undefined) return false;
    if (idle === undefined) this.#counters.pipelined++;
    if (command.wasLost) this.#counters.resent++;
    connection.send(command, now);
    return true;
  }
}

function untilNothingInFlight(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    const { onReady } = connection;
    connection.onReady = () => {
      onReady();
      if (connection.inFlight === 0) resolve();
    };
    connection.onReady();
  });
}
