import type { Connection } from "../../support/connection.ts";
import { type Command, ServerProcess } from "../../support/server_process.ts";
import type { TestServer } from "../servers.ts";
import type { Program } from "./program.ts";

/** Messages of a program that are answered. */
const MAX_MESSAGES = 20;

/**
 * Marks the end of a program's log entries: a command whose ID is too long, of which the server
 * itself has something to say, whatever became of `console`.
 */
const MARKER_ID_LENGTH = 40;
const MARKER_LENGTHS = 100;
const MARK = /^Error: message UUID has length \d+ /;

/** So long that nothing is interrupted because the machine is busy. */
const MAX_RUNTIME_US = "10000000";

/** What is logged when a runtime is replaced, which depends on how much memory its values take. */
const REPLACED = /^(Memory usage has increased|Trampolining)/;

const INTERRUPTED = /^WARN Command runtime of /;

/** The records and the log entries of a program, each in one text; log entries last. */
export type Observation = readonly string[];

/** Runs programs on a server, one after the other, and writes down all that a client can see of it. */
export class Observer implements AsyncDisposable {
  readonly #command: Command;
  readonly #mayBeMistaken: boolean;
  #server: ServerProcess | undefined;
  #connection: Connection | undefined;
  /** How many of the server's log entries have been written down. */
  #seen = 0;
  #marks = 0;

  constructor({ command, differences }: Pick<TestServer, "command" | "differences">) {
    this.#command = command;
    this.#mayBeMistaken = differences.mistakenInterrupts;
  }

  /** Runs a program. */
  async observe(program: Program): Promise<Observation> {
    let entries = await this.#run(program);
    if (this.#mayBeMistaken && entries.some((entry) => INTERRUPTED.test(entry))) {
      entries = await this.#run(program);
    }
    if (this.#connection === undefined) await this[Symbol.asyncDispose]();
    return entries;
  }

  async #run({ query, param = "null", answers = [] }: Program): Promise<string[]> {
    const connection = await this.#connect();
    const lines: string[] = [];
    // Not through `encodeCommand`, which refuses some of them.
    await connection.send(`c\0${query}\0${param}\0`);
    for (let messages = 0;; messages++) {
      const record = await connection.next();
      if (record === undefined || record.type === "control" || record.type === "malformed") {
        this.#connection = undefined;
        return [...lines, record?.type ?? "end"];
      }
      lines.push(`${record.type} ${record.data}`);
      if (record.type !== "message") break;
      const answer = messages < MAX_MESSAGES ? answers[messages] ?? "null" : "internal_error";
      await connection.send(`c\0${answer}\0`);
    }
    return [...lines, ...await this.#takeLogs(connection)];
  }

  async #takeLogs(connection: Connection): Promise<string[]> {
    // A server that replaces its runtime may log a mark twice: each is of another length.
    const length = MARKER_ID_LENGTH + this.#marks++ % MARKER_LENGTHS;
    await connection.send(`${"m".repeat(length)}\0() => 1\x001\0`);
    if (await connection.next() === undefined) this.#connection = undefined;
    const { logs } = this.#server!;
    const mark = await this.#server!.log(new RegExp(`UUID has length ${length} `), this.#seen);
    const end = logs.indexOf(mark, this.#seen);
    const entries = logs.slice(this.#seen, end);
    this.#seen = end + 1;
    return entries
      .filter(({ message }) => !REPLACED.test(message) && !MARK.test(message))
      .map(({ level, message }) => `${level} ${message}`);
  }

  async #connect(): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    this.#server = await ServerProcess.start(this.#command, {
      args: ["-b", "00", "-t", MAX_RUNTIME_US],
    });
    this.#seen = 0;
    return this.#connection = await this.#server.connect();
  }

  /** Ends the server. The next program gets another. */
  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    this.#server = this.#connection = undefined;
    await server?.[Symbol.asyncDispose]();
  }
}

/** Runs programs on a server of their own. */
export async function observeAll(
  server: Pick<TestServer, "command" | "differences">,
  programs: readonly Program[],
): Promise<readonly Observation[]> {
  await using observer = new Observer(server);
  const all: Observation[] = [];
  for (const program of programs) all.push(await observer.observe(program));
  return all;
}
