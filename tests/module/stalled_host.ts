/** An HTTP server of a module that never ends. */
export class StalledHost implements AsyncDisposable {
  readonly #requested = Promise.withResolvers<void>();
  readonly #abandoned = Promise.withResolvers<void>();
  readonly #closing = new AbortController();
  readonly #http: Deno.HttpServer<Deno.NetAddr>;

  /** Starts the server. */
  constructor() {
    const { signal } = this.#closing;
    this.#http = Deno.serve(
      { hostname: "127.0.0.1", port: 0, signal, onListen: () => {} },
      () => {
        this.#requested.resolve();
        const body = new ReadableStream({ cancel: () => this.#abandoned.resolve() });
        return new Response(body, { headers: { "content-type": "application/typescript" } });
      },
    );
  }

  /** The URL of the module. */
  get url(): string {
    return `http://127.0.0.1:${this.#http.addr.port}/mod.ts`;
  }

  /** Resolves when the module is requested. */
  get requested(): Promise<void> {
    return this.#requested.promise;
  }

  /** Resolves when the program that has requested the module has closed its connection. */
  get abandoned(): Promise<void> {
    return this.#abandoned.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#http.finished;
  }
}
