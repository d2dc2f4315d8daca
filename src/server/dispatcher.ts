import type { Command } from "./command.ts";
import type { Connection } from "./connection.ts";

/**
 * Says which command goes to which connection, and when: one queue for all connections, so that no
 * command waits for a busy one while another is idle; and the lowest idle one first, so that the
 * server may shut down the threads that are not needed.
 */
export class Dispatcher {
  /** In the order of the calls; a set, because a command that settles leaves from anywhere. */
  readonly #queue = new Set<Command>();
  #connections: readonly Connection[] = [];

  /** Commands that wait for a connection. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Commands that a server is working on. */
  get inFlight(): number {
    return this.#connections.filter((connection) => connection.command !== undefined).length;
  }

  /** Takes a command; it is sent at once if a connection is idle. */
  submit(command: Command): void {
    this.#queue.add(command);
    command.onSettled(() => this.#queue.delete(command));
    this.#dispatch();
  }

  /** Sends what waits, and what comes, to these connections. */
  connect(connections: readonly Connection[]): void {
    this.#connections = connections;
    for (const connection of connections) connection.onIdle = () => this.#dispatch();
    this.#dispatch();
  }

  /**
   * Takes leave of the present connections, which are closed. What their server may have begun with
   * rejects; the rest waits for the next connections, before all that came later.
   */
  disconnect(reason: Error): void {
    const unanswered = this.#connections.filter(({ command }) => command?.state === "pending");
    this.#connections = [];
    const waiting = [...this.#queue];
    this.#queue.clear();
    for (const { command, mayHaveBegun } of unanswered) {
      if (mayHaveBegun) command!.reject(reason);
      else this.#queue.add(command!);
    }
    for (const command of waiting) this.#queue.add(command);
  }

  /** Rejects everything: what waits and what was sent. */
  rejectAll(reason: Error): void {
    for (const { command } of this.#connections) command?.reject(reason);
    for (const command of this.#queue) command.reject(reason);
  }

  #dispatch(): void {
    for (const command of this.#queue) {
      const connection = this.#connections.find((connection) => connection.idle);
      if (connection === undefined) return;
      this.#queue.delete(command);
      connection.send(command);
    }
  }
}
