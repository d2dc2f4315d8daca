import { assert, assertEquals } from "@std/assert";
import {
  type CommandRecord,
  encodeCommand,
  type JSockDRecord,
  RecordDecoder,
} from "../../src/protocol/mod.ts";
import { within } from "./within.ts";

/** A connection to a server's socket that sends any bytes, valid or not, and reads records. */
export class Connection implements Disposable {
  readonly #socket: Deno.UnixConn;
  readonly #decoder = new RecordDecoder();
  readonly #buffer = new Uint8Array(1 << 16);
  readonly #received: JSockDRecord[] = [];
  #closed = false;

  private constructor(socket: Deno.UnixConn) {
    this.#socket = socket;
  }

  /** Connects to a socket. */
  static async open(path: string): Promise<Connection> {
    return new Connection(await Deno.connect({ transport: "unix", path }));
  }

  /** Sends text or bytes unchanged. */
  async send(data: string | Uint8Array): Promise<void> {
    let rest = typeof data === "string" ? new TextEncoder().encode(data) : data;
    while (rest.length > 0) rest = rest.subarray(await this.#socket.write(rest));
  }

  /** Resolves to the next record, or to undefined if the server has closed the connection. */
  async next(): Promise<JSockDRecord | undefined> {
    return await within(this.#next(), "a record");
  }

  /** Resolves to the next record, and asserts that it is a command's. */
  async nextOfCommand(): Promise<CommandRecord> {
    const record = await this.next();
    assert(
      record !== undefined && record.type !== "control" && record.type !== "malformed",
      `Expected a command's record, got ${JSON.stringify(record)}`,
    );
    return record;
  }

  /** Sends a command. Resolves to its first record. */
  async run(query: string, param = "null", id = "c"): Promise<CommandRecord> {
    await this.send(encodeCommand(id, query, param));
    return await this.nextOfCommand();
  }

  /** Sends a command and asserts that it succeeds. Resolves to its value. */
  // deno-lint-ignore no-explicit-any -- as JSON.parse
  async value(query: string, param?: string): Promise<any> {
    const record = await this.run(query, param);
    assertEquals(record.type, "ok", `${query} → ${record.data.slice(0, 500)}`);
    return JSON.parse(record.data);
  }

  /**
   * Sends a command and asserts that it throws. Resolves to the server's description of the
   * exception.
   */
  // deno-lint-ignore no-explicit-any -- as JSON.parse
  async exception(query: string, param?: string): Promise<any> {
    const record = await this.run(query, param);
    assertEquals(record.type, "exception", `${query} → ${record.data.slice(0, 500)}`);
    return JSON.parse(record.data);
  }

  /** Sends a control command. Resolves to the reply. */
  async control(command: string): Promise<string> {
    await this.send(`${command}\0`);
    const record = await this.next();
    assert(record?.type === "control", `${command} → ${JSON.stringify(record)}`);
    return record.text;
  }

  /** Sends `?reset` and waits for the reply. Resolves to the records that came before it. */
  async reset(): Promise<JSockDRecord[]> {
    await this.send("?reset\0");
    const discarded: JSockDRecord[] = [];
    for (;;) {
      const record = await this.next();
      assert(record !== undefined, "The server has closed the connection before it was reset");
      if (record.type === "control" && record.text === "reset") return discarded;
      discarded.push(record);
    }
  }

  async #next(): Promise<JSockDRecord | undefined> {
    while (this.#received.length === 0) {
      const count = await this.#read();
      if (count === null) return undefined;
      this.#decoder.transform(this.#buffer.subarray(0, count), {
        enqueue: (record) => this.#received.push(record as JSockDRecord),
      });
    }
    return this.#received.shift();
  }

  async #read(): Promise<number | null> {
    try {
      return await this.#socket.read(this.#buffer);
    } catch (error) {
      // A server that exits without having read everything resets the connection.
      if (error instanceof Deno.errors.ConnectionReset) return null;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (!this.#closed) this.#socket.close();
    this.#closed = true;
  }
}
