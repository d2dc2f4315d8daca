/** A connection to the debugger of a Deno process, which evaluates code inside of it. */
export class Inspector implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: Result) => void>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, result } = JSON.parse(data);
      this.#waiting.get(id)?.(result);
    };
  }

  /** Connects to the URL that Deno prints when it is started with `--inspect`. */
  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new Inspector(socket);
  }

  /** Evaluates an expression in the main thread. Resolves to its value, awaited. */
  async evaluate(expression: string): Promise<unknown> {
    const id = ++this.#calls;
    const { promise, resolve } = Promise.withResolvers<Result>();
    this.#waiting.set(id, resolve);
    const params = { expression, awaitPromise: true, returnByValue: true };
    this.#socket.send(JSON.stringify({ id, method: "Runtime.evaluate", params }));
    const { result, exceptionDetails } = await promise;
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** The result of an evaluation, in the debugger's protocol. */
interface Result {
  readonly result: { readonly value: unknown };
  readonly exceptionDetails?: unknown;
}
