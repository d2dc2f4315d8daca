import { publishIfOpen } from "./connection.ts";
import type { Inbox } from "./inbox.ts";
import type { NatsConnection, NatsMessage } from "./library.ts";
import type { PendingCommand } from "./pending_command.ts";
import { saysNobodyListens } from "./wire.ts";

/** After how many milliseconds without an answer to its pings a worker counts as lost. */
const SILENCE_MS = 5_000;

/** A worker that has commands of this client. */
interface WatchedWorker {
  readonly commands: Set<PendingCommand>;
  /** The token of the inbox for its answers. */
  readonly token: string;
  heardAt: number;
}

/**
 * Asks workers that have commands of this client whether they are alive. NATS itself answers for one
 * that is gone: nobody listens at its subject any more.
 */
export class WorkerWatch {
  readonly #connection: NatsConnection;
  readonly #inbox: Inbox;
  readonly #onLost: (commands: PendingCommand[], worker: string, reason: string) => void;
  readonly #workers = new Map<string, WatchedWorker>();
  #tickedAt = 0;

  /** Calls `onLost` with the commands of a worker that is lost, and its subject for pings. */
  constructor(
    connection: NatsConnection,
    inbox: Inbox,
    onLost: (commands: PendingCommand[], worker: string, reason: string) => void,
  ) {
    this.#connection = connection;
    this.#inbox = inbox;
    this.#onLost = onLost;
  }

  /** Watches the worker that has a command, from which a message has come. */
  add(command: PendingCommand): void {
    if (command.worker === undefined) return;
    let watched = this.#workers.get(command.worker);
    if (watched === undefined) {
      watched = this.#watch(command.worker);
      this.#workers.set(command.worker, watched);
    }
    watched.commands.add(command);
    watched.heardAt = performance.now();
  }

  /** Watches the worker of a command no longer for this command. */
  delete(command: PendingCommand): void {
    const watched = command.worker === undefined ? undefined : this.#workers.get(command.worker);
    if (watched === undefined) return;
    watched.commands.delete(command);
    if (watched.commands.size === 0) this.#forget(command.worker!);
  }

  /** Sends each worker a ping. Called at intervals. */
  tick(now: number): void {
    // This program itself may have been stopped, and could not hear anything.
    const wasStopped = now - this.#tickedAt > SILENCE_MS / 2;
    this.#tickedAt = now;
    for (const [worker, watched] of this.#workers) {
      if (wasStopped) watched.heardAt = now;
      if (now - watched.heardAt > SILENCE_MS) {
        this.#lose(worker, `it has not answered for ${SILENCE_MS} ms`);
      } else {
        const reply = this.#inbox.subject(watched.token);
        publishIfOpen(this.#connection, worker, "", { reply });
      }
    }
  }

  /** Forgets all workers. */
  clear(): void {
    for (const worker of [...this.#workers.keys()]) this.#forget(worker);
  }

  #watch(worker: string): WatchedWorker {
    const token = this.#inbox.add({
      receive: (msg: NatsMessage) => {
        if (saysNobodyListens(msg)) return this.#lose(worker, "it is gone");
        const watched = this.#workers.get(worker);
        if (watched !== undefined) watched.heardAt = performance.now();
      },
    });
    return { commands: new Set(), token, heardAt: performance.now() };
  }

  #lose(worker: string, reason: string): void {
    const commands = [...this.#workers.get(worker)?.commands ?? []];
    this.#forget(worker);
    this.#onLost(commands, worker, reason);
  }

  #forget(worker: string): void {
    const watched = this.#workers.get(worker);
    if (watched !== undefined) this.#inbox.remove(watched.token);
    this.#workers.delete(worker);
  }
}
