import { SIGNATURES_FILE } from "../../src/release/release.ts";
import { JSOCKD_VERSION } from "../../src/common/version.ts";
import { generateKeys } from "../support/signed_module.ts";
import { embeddedExecutable, packExecutable, releasedName } from "./archives.ts";

/** Returns the response to a request for a file. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** Returns a redirect to a URL or a path. */
export function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** An HTTP server of releases, with its own key, whose responses tests can replace by failures. */
export class ReleaseServer implements AsyncDisposable {
  /** The public key that its releases are signed with. */
  readonly publicKey: string;
  /** The names of the requested files, in order. */
  readonly requested: string[] = [];
  readonly #privateKey: CryptoKey;
  readonly #http: Deno.HttpServer<Deno.NetAddr>;
  readonly #answers = new Map<string, Answer>();
  readonly #closing = new AbortController();

  private constructor(publicKey: string, privateKey: CryptoKey) {
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
    const { signal } = this.#closing;
    this.#http = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal,
      onListen: () => {},
      // Keeps responses that break off on purpose out of the log.
      onError: () => new Response(null, { status: 500 }),
    }, (request) => this.#answer(request));
  }

  /** Starts a server with one release: the embedded server. */
  static async start(): Promise<ReleaseServer> {
    const { publicKey, privateKey } = await generateKeys();
    const server = new ReleaseServer(publicKey, privateKey);
    await server.release(await packExecutable(embeddedExecutable()));
    return server;
  }

  /** The options that download from this server. */
  get options(): { baseUrl: string; publicKey: string } {
    return { baseUrl: this.baseUrl, publicKey: this.publicKey };
  }

  /** The base URL of its releases. */
  get baseUrl(): string {
    return `http://127.0.0.1:${this.#http.addr.port}/releases`;
  }

  /** Signs an archive and serves it. */
  async release(
    archive: Uint8Array<ArrayBuffer>,
    { name = releasedName, version = JSOCKD_VERSION } = {},
  ): Promise<void> {
    this.answer(`${name}.tar.gz`, () => new Response(archive), version);
    await this.sign(archive, { name, version });
  }

  /** Serves the signature of an archive. */
  async sign(
    archive: Uint8Array<ArrayBuffer>,
    { name = releasedName, version = JSOCKD_VERSION } = {},
  ): Promise<void> {
    const signature = await crypto.subtle.sign("Ed25519", this.#privateKey, archive);
    const signatures = `${new Uint8Array(signature).toBase64()}\t${name}.tar.gz\n`;
    this.answer(SIGNATURES_FILE, () => new Response(signatures), version);
  }

  /** Sets the response for a file. */
  answer(file: string, answer: Answer, version: string = JSOCKD_VERSION): void {
    this.#answers.set(`/releases/v${version}/${file}`, answer);
  }

  /** Stops the server and aborts its open responses. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#http.finished;
  }

  #answer(request: Request): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    this.requested.push(pathname.replace(/^.*\//, ""));
    const answer = this.#answers.get(pathname);
    return answer?.(request) ?? new Response("Not found", { status: 404 });
  }
}
