import type { Command } from "./command.ts";
import type { Connection } from "./connection.ts";
import type { Counters } from "./counters.ts";

/**
 * Says which command goes to which connection, and when. There is one queue for all connections, so
 * that no command waits for a busy one while another is idle; and the lowest idle one comes first, so
 * that the server may shut down the threads that are not needed. Only where none is idle may a command
 * share one, behind those in flight on it.
 */
export class Dispatcher {
  readonly #maxDepth: number;
  readonly #counters: Counters;
  /** In the order of the calls; a set, because a command that settles leaves from anywhere. */
  #queue = new Set<Command>();
  #connections: readonly Connection[] = [];
  /** Takes what would wait here, once nothing more is sent from here. */
  #successor: ((command: Command) => void) | undefined;

  /** Starts without connections; `maxDepth` commands at most will be in flight on one. */
  constructor(maxDepth: number, counters: Counters) {
    this.#maxDepth = maxDepth;
    this.#counters = counters;
  }

  /** Commands that wait for a connection. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Commands that a server is working on. */
  get inFlight(): number {
    return this.#connections.reduce((sum, connection) => sum + connection.inFlight, 0);
  }

  /** Takes a command; it is sent at once if a connection can take it and nobody waits before it. */
  submit(command: Command): void {
    if (this.#queue.size === 0 && this.#send(command)) return;
    this.#queue.add(command);
    command.onSettled(() => this.#queue.delete(command));
  }

  /** Sends what waits, and what comes, to these connections. */
  connect(connections: readonly Connection[]): void {
    this.#connections = connections;
    for (const connection of connections) {
      connection.onReady = () => this.#dispatch();
      connection.onReturned = (commands) => this.#putFirst(commands);
    }
    this.#dispatch();
  }

  /**
   * Takes leave of the present connections, which are closed. What their server may have begun with
   * rejects; the rest waits for the next connections.
   */
  disconnect(reason: Error): void {
    const notBegun = this.#connections.flatMap((connection) => {
      const { begun, notBegun } = connection.abandon();
      for (const command of begun) command.reject(reason);
      return notBegun;
    });
    this.#connections = [];
    this.#putFirst(notBegun);
  }

  /**
   * Sends nothing more: what waits, and what must be sent again, goes to a successor. Resolves when
   * nobody waits for what is in flight.
   */
  async retire(successor: (command: Command) => void): Promise<void> {
    this.#successor = successor;
    const waiting = [...this.#queue];
    this.#queue.clear();
    for (const command of waiting) successor(command);
    const inFlight = this.#connections.flatMap((connection) => connection.commands);
    const settled = inFlight.map((command) =>
      new Promise<void>((resolve) => command.onSettled(resolve))
    );
    await Promise.all(settled);
  }

  /** Rejects everything: what waits and what was sent. */
  rejectAll(reason: Error): void {
    this.disconnect(reason);
    for (const command of this.#queue) command.reject(reason);
  }

  #putFirst(commands: readonly Command[]): void {
    const pending = commands.filter((command) => command.state === "pending");
    if (this.#successor !== undefined) return pending.forEach(this.#successor);
    for (const command of pending) command.onSettled(() => this.#queue.delete(command));
    this.#queue = new Set([...pending, ...this.#queue]);
    this.#dispatch();
  }

  /** In strict order: if the first can go nowhere, nobody overtakes it. */
  #dispatch(): void {
    for (const command of this.#queue) {
      if (!this.#send(command)) return;
      this.#queue.delete(command);
    }
  }

  /** Sends a command on a connection that can take it; whether there is one. */
  #send(command: Command): boolean {
    const idle = this.#connections.find((connection) => connection.idle);
    const connection = idle ??
      this.#connections.find((connection) => connection.canShare(command, this.#maxDepth));
    if (connection === undefined) return false;
    if (idle === undefined) this.#counters.pipelined++;
    connection.send(command);
    return true;
  }
}
