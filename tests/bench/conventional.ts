import { encodeCommand, type JSockDRecord, RecordDecoder } from "../../src/protocol/mod.ts";

const REFUSED = '"error compiling command"';

/**
 * A client of the conventional kind, as the clients for other languages are: one command in flight on
 * each connection, and callers wait in turn for the first one that is free.
 */
export class ConventionalClient {
  readonly #free: Line[];
  readonly #waiting: Array<(line: Line) => void> = [];

  /** Creates a client of the sockets of a server, which whoever opened them closes. */
  constructor(sockets: readonly Deno.Conn[]) {
    this.#free = sockets.map((socket) => new Line(socket));
  }

  /** Runs a command. Resolves to its result. */
  async run(query: string, param: unknown): Promise<unknown> {
    const line = this.#free.pop() ??
      await new Promise<Line>((resolve) => this.#waiting.push(resolve));
    try {
      return await line.run(query, JSON.stringify(param));
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(line);
      else next(line);
    }
  }
}

/** One connection. */
class Line {
  readonly #socket: Deno.Conn;
  readonly #decoder = new RecordDecoder();
  readonly #buffer = new Uint8Array(1 << 16);
  #commands = 0;

  constructor(socket: Deno.Conn) {
    this.#socket = socket;
  }

  async run(query: string, paramJson: string): Promise<unknown> {
    const bytes = encodeCommand(String(this.#commands++), query, paramJson);
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#socket.write(rest));
    const records: JSockDRecord[] = [];
    const controller = { enqueue: (record: JSockDRecord) => records.push(record) };
    while (records.length === 0) {
      const read = await this.#socket.read(this.#buffer);
      if (read === null) throw new Error("The server closed the socket");
      this.#decoder.transform(this.#buffer.subarray(0, read), controller);
    }
    const [record] = records;
    // After a pause jsockd may say so, whatever the query is. It has not begun the command then.
    if (record?.type === "exception" && record.data === REFUSED) {
      return await this.run(query, paramJson);
    }
    if (record?.type !== "ok") throw new Error(`Expected a result, got ${JSON.stringify(record)}`);
    return JSON.parse(record.data);
  }
}
