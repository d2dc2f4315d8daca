import { join } from "@std/path";
import { TextLineStream } from "@std/streams/text-line-stream";
import type { NatsOperator, UserPermissions } from "./nats_operator.ts";
import { runToEnd, stdoutOf } from "./run_to_end.ts";
import { TempFolder } from "./temp_folder.ts";
import { within } from "./within.ts";

/** The server: the environment variable NATS_SERVER, or else `nats-server`, as a package has it. */
const EXECUTABLE = Deno.env.get("NATS_SERVER") ?? findExecutable() ?? "nats-server";

const HOST = "127.0.0.1";

/** How to start a NATS server. */
export interface NatsServerOptions {
  /** The port of a server that has ended. Default: a free one. */
  readonly port?: number;
  /** The largest payload of a message, in bytes. Default: 1 MiB. */
  readonly maxPayload?: number;
  /** What clients must show. Default: nothing. */
  readonly authorization?:
    | { readonly user: string; readonly password: string }
    | { readonly token: string };
  /** Who decides about its users. Default: nobody. */
  readonly operator?: NatsOperator;
  /** The subjects that clients may use. Default: all. */
  readonly permissions?: UserPermissions;
  /**
   * Whether clients must use TLS and trust {@linkcode NatsServer.certificate}, and with `"mutual"`
   * show it themselves. Default: no.
   */
  readonly tls?: boolean | "mutual";
  /** The server of a cluster to join, or `"first"`. Default: no cluster. */
  readonly cluster?: "first" | NatsServer;
}

/** A NATS server in a process of its own. */
export class NatsServer implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #options: NatsServerOptions;
  #child: Deno.ChildProcess | undefined;
  #logEnded: Promise<void> = Promise.resolve();
  #port: number;
  #routePort = -1;

  private constructor(folder: TempFolder, options: NatsServerOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#port = options.port ?? -1;
  }

  /** Starts a server. Resolves when clients can connect. */
  static async start(options: NatsServerOptions = {}): Promise<NatsServer> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TempFolder.make());
    const server = stack.use(new NatsServer(folder, options));
    if (options.tls) await makeCertificate(server.certificate, server.key);
    await server.restart();
    stack.move();
    return server;
  }

  /** The port for clients. It stays the same when the server restarts. */
  get port(): number {
    return this.#port;
  }

  /** The URL for clients. */
  get url(): string {
    return `nats://${HOST}:${this.#port}`;
  }

  /** The file of the certificate, if it uses TLS. */
  get certificate(): string {
    return join(this.#folder.path, "certificate.pem");
  }

  /** The file of the certificate's private key, if it uses TLS. */
  get key(): string {
    return join(this.#folder.path, "key.pem");
  }

  /** Starts the server again, after killing it if it runs. Resolves when clients can connect. */
  async restart(): Promise<void> {
    await this.kill();
    const config = join(this.#folder.path, "nats.json");
    await Deno.writeTextFile(config, JSON.stringify(this.#config()));
    this.#child = new Deno.Command(EXECUTABLE, {
      args: ["-c", config],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const ready = Promise.withResolvers<void>();
    this.#logEnded = this.#readLog(this.#child.stderr, ready);
    await within(ready.promise, "the start of nats-server");
  }

  /** Ends the server with a signal, and waits until it has ended. */
  async kill(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    if (this.#child === undefined) return;
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended already.
    }
    await within(this.#child.status, "the end of nats-server");
    await this.#logEnded;
    this.#child = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#folder[Symbol.asyncDispose]();
  }

  /** The configuration. NATS reads JSON, too. */
  #config() {
    const { maxPayload, authorization, operator, permissions, tls, cluster } = this.#options;
    return {
      host: HOST,
      port: this.#port,
      ...maxPayload && { max_payload: maxPayload },
      ...authorization && { authorization },
      ...operator?.config,
      ...permissions && {
        authorization: { users: [{ user: "anyone", password: "", permissions }] },
        no_auth_user: "anyone",
      },
      ...tls && {
        tls: {
          cert_file: this.certificate,
          key_file: this.key,
          ...tls === "mutual" && { verify: true, ca_file: this.certificate },
        },
      },
      ...cluster && {
        cluster: {
          name: "test",
          host: HOST,
          port: this.#routePort,
          routes: cluster === "first" ? [] : [`nats-route://${HOST}:${cluster.#routePort}`],
        },
      },
    };
  }

  async #readLog(
    stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
    ready: PromiseWithResolvers<void>,
  ): Promise<void> {
    const lines = stderr.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    const log: string[] = [];
    for await (const line of lines) {
      log.push(line);
      const [, what, port] = /Listening for (client|route) connections on .*:(\d+)/.exec(line) ??
        [];
      if (what === "client") this.#port = Number(port);
      if (what === "route") this.#routePort = Number(port);
      const last = this.#options.cluster === undefined
        ? /Server is ready/
        : /for route connections/;
      if (last.test(line)) ready.resolve();
    }
    ready.reject(new Error(`nats-server has ended:\n${log.join("\n")}`));
  }
}

/** A cluster of three NATS servers. Clients of one learn of the others. */
export interface NatsCluster extends AsyncDisposable {
  readonly servers: readonly [NatsServer, NatsServer, NatsServer];
}

/** Starts a cluster of three servers. */
export async function startCluster(): Promise<NatsCluster> {
  await using stack = new AsyncDisposableStack();
  const first = stack.use(await NatsServer.start({ cluster: "first" }));
  const second = stack.use(await NatsServer.start({ cluster: first }));
  const third = stack.use(await NatsServer.start({ cluster: first }));
  const resources = stack.move();
  return {
    servers: [first, second, third],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/**
 * Registers a test that needs nats-server. On a machine without it, the test is ignored and its
 * name says so, unless CI is set: then it fails.
 */
export function natsTest(
  name: string,
  fn: (context: Deno.TestContext) => Promise<void>,
): void {
  const ignore = !hasNatsServer && !Deno.env.has("CI");
  Deno.test({
    name: ignore ? `${name} (ignored: ${NO_NATS_SERVER})` : name,
    ignore,
    fn: async (context) => {
      if (!hasNatsServer) throw new Error(`Cannot run this test: ${NO_NATS_SERVER}`);
      await fn(context);
    },
  });
}

/** What a machine without nats-server must be given. */
export const NO_NATS_SERVER = "there is no nats-server; install the package of that name, " +
  "or set NATS_SERVER to its path";

/** Whether this machine has nats-server. */
export const hasNatsServer: boolean = isFile(EXECUTABLE);

if (!hasNatsServer) console.warn(`\n!!! TESTS OF FARMS CANNOT RUN: ${NO_NATS_SERVER}\n`);

function findExecutable(): string | undefined {
  // Debian has it where only root looks.
  const folders = [...Deno.env.get("PATH")?.split(":") ?? [], "/usr/sbin"];
  return folders.map((folder) => join(folder, "nats-server")).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Makes a certificate for this machine that is valid for a day. It is its own authority. */
async function makeCertificate(certificate: string, key: string): Promise<void> {
  await stdoutOf(runToEnd(["openssl"], [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost"],
    ...["-addext", `subjectAltName=DNS:localhost,IP:${HOST}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
  ], { env: Deno.env.toObject() }));
}
