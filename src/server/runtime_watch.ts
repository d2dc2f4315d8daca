import { JSockDClientError } from "../common/errors.ts";
import type { Connection } from "./connection.ts";
import { TICK_MS } from "./work_clock.ts";

/** The server's default time limit for a command, in microseconds. */
export const SERVER_LIMIT_US = 250_000;

/** How long the server may take to interrupt a command past its limit, in milliseconds. */
const GRACE_MS = 500;

/** The part of the grace after which a replacement for the server is started. */
const HOPE_MS = GRACE_MS / 2;

/**
 * What more a reset may take, in milliseconds. Commands that were pipelined may still run before it.
 */
const RESET_MS = 2_000;

/** What more the first isolated command of a thread may take: globals are created for it. */
const FIRST_ISOLATED_MS = 1_000;

/** What a watch does to the server that it watches. */
export interface WatchedServer {
  /** The server will be killed soon, unless it recovers. */
  condemn(reason: string): void;
  /** Kills the server. */
  kill(reason: string): void;
}

/**
 * Holds commands to their time limit where the server does not: it cannot interrupt what takes long
 * within one native function, for example. The only way to end such a command is to end the server.
 *
 * The server has a grace to stop the command by itself. Halfway through it is condemned, so that
 * another one is started and the commands on its other threads can finish. At the end of the grace
 * the command rejects, and the server is killed.
 */
export class RuntimeWatch {
  readonly #connections: readonly Connection[];
  readonly #limitUs: number;
  readonly #server: WatchedServer;
  readonly #onTick: (now: number) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * @param limitUs The time limit of a command, in microseconds; 0 for the server's default.
   * @param onTick Called at each tick while the server owes something.
   */
  constructor(
    connections: readonly Connection[],
    limitUs: number,
    server: WatchedServer,
    onTick: (now: number) => void,
  ) {
    this.#connections = connections;
    this.#limitUs = limitUs || SERVER_LIMIT_US;
    this.#server = server;
    this.#onTick = onTick;
    for (const connection of connections) connection.onBusy = () => this.#start();
  }

  /** Ends the watch. */
  stop(): void {
    for (const connection of this.#connections) connection.onBusy = () => {};
    this.#pause();
  }

  #start(): void {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  /** Stops the timer until a command is sent, so that an idle client does nothing. */
  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = performance.now();
    let busy = false;
    let longestMs = 0;
    const overdue: Connection[] = [];
    for (const connection of this.#connections) {
      const pastMs = connection.tick(now) - this.#limitUs / 1000 - extraMs(connection);
      longestMs = Math.max(longestMs, pastMs);
      if (pastMs > GRACE_MS) overdue.push(connection);
      busy ||= connection.busy;
    }
    if (busy) this.#onTick(now);
    else this.#pause();
    if (overdue.length > 0) this.#end(overdue);
    else if (longestMs > HOPE_MS) this.#server.condemn(this.#reason);
  }

  #end(overdue: readonly Connection[]): void {
    this.stop();
    for (const connection of overdue) connection.first?.reject(overran(this.#limitUs));
    this.#server.kill(`${this.#reason}, and ${GRACE_MS} ms more`);
  }

  get #reason(): string {
    return `a thread had not answered within maxCommandRuntimeUs, ${this.#limitUs} µs`;
  }
}

function extraMs({ first, hasIsolated }: Connection): number {
  if (first === undefined) return RESET_MS;
  return first.isolated && !hasIsolated ? FIRST_ISOLATED_MS : 0;
}

function overran(limitUs: number): JSockDClientError {
  return new JSockDClientError(
    "TIMEOUT",
    `Cannot get a result: the command ran for longer than maxCommandRuntimeUs, ${limitUs} µs, and ` +
      `the server did not stop it within ${GRACE_MS} ms more, so the server had to be ended; make ` +
      "the command quicker, or raise maxCommandRuntimeUs",
  );
}
