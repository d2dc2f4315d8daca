import { JSockDClientError, type ServerCommand } from "../../mod.ts";
import { checkFields, type FieldChecks, integer } from "../config/field_checks.ts";
import { embeddedServer } from "../embedded/mod.ts";
import { MAX_THREADS } from "../protocol/limits.ts";
import { App } from "./app.ts";
import { Compiler } from "./compiler.ts";
import { bundlePageScript } from "./page_script.ts";
import { PlaygroundServer } from "./playground_server.ts";

/**
 * Only this machine reaches it. The playground runs any code that it is sent, and on jsockd such
 * code has the rights of whoever started the playground.
 */
const LOOPBACK = "127.0.0.1";

/** Options of {@linkcode startPlayground}. */
export interface PlaygroundOptions {
  /** The port to serve the page on. Default 8000; 0 for any free one. */
  port?: number;
  /** A jsockd to show beside the two embedded servers. Default: none. */
  jsockdExec?: ServerCommand;
  /** The number of threads of each server. Default 2. */
  nThreads?: number;
  /** The time limit of a program, in microseconds. Default 1,000,000. */
  maxCommandRuntimeUs?: number;
}

/** A playground that is running. Disposing it ends its servers and leaves nothing behind. */
export interface Playground extends AsyncDisposable {
  /** The address of the page, with a secret in it. Requests without the secret are refused. */
  readonly url: string;
}

const CHECKS: FieldChecks<PlaygroundOptions> = {
  port: integer(0, 65_535),
  jsockdExec: (value) =>
    typeof value === "string" || Array.isArray(value) ? undefined : "a server command",
  nThreads: integer(1, MAX_THREADS),
  maxCommandRuntimeUs: integer(1000, 60_000_000),
};

/**
 * Starts a playground: a page to write programs on, to run them on the embedded servers and on a
 * jsockd, and to watch what the servers do meanwhile.
 *
 * It listens on the loopback address alone, because it runs any code that it is sent. Its address
 * has a secret in it, which keeps other users of the machine and other web sites out.
 *
 * Needs the permissions of the servers, and to read, write, run and listen.
 *
 * @param options The port, the servers and their limits.
 * @returns The playground, which must be disposed.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or out of range, or the port is in
 * use; otherwise as `initJSockDClient` and `buildModule`.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { startPlayground } from "@x/jsockd/playground";
 *
 * await using playground = await startPlayground({ port: 0 });
 * const { status, body } = await fetch(playground.url); // open it in a browser
 * await body?.cancel();
 * assertEquals(status, 200);
 * ```
 */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const { port = 8000, jsockdExec, nThreads = 2, maxCommandRuntimeUs = 1_000_000 } = checkFields(
    options,
    CHECKS,
    "playground",
  );
  await using resources = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "jsockd_playground_" });
  resources.defer(() => Deno.remove(folder, { recursive: true }));
  // First, so that a port in use is noticed at once.
  const http: Deno.HttpServer<Deno.NetAddr> = resources.use(
    serve(port, (request) => app.respond(request)),
  );
  const settings = { threads: nThreads, limitMs: maxCommandRuntimeUs / 1000 };
  const compiler = resources.use(new Compiler());
  const app: App = new App({ ...settings, port: http.addr.port });

  const servers = commands(jsockdExec).map(async ({ id, name, command }) =>
    resources.use(
      await PlaygroundServer.start({
        id,
        name,
        command,
        ...settings,
        compiler,
        folder,
        onLog: app.log,
      }),
    )
  );
  const outcomes = await Promise.allSettled([bundlePageScript(), ...servers]);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  app.open(await Promise.all(servers), (outcomes[0] as PromiseFulfilledResult<string>).value);
  // Before the servers, so that pages no longer send them anything.
  resources.use(app);

  const owned = resources.move();
  return {
    url: `http://${LOOPBACK}:${http.addr.port}${app.path}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function commands(jsockdExec: ServerCommand | undefined) {
  return [
    { id: "v8", name: "V8", command: embeddedServer({ engine: "v8" }) },
    { id: "quickjs", name: "QuickJS", command: embeddedServer({ engine: "quickjs" }) },
    ...jsockdExec === undefined ? [] : [{ id: "jsockd", name: "jsockd", command: jsockdExec }],
  ];
}

function serve(port: number, handler: Deno.ServeHandler): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: LOOPBACK, port, onListen() {} }, handler);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new JSockDClientError(
      "CONFIG",
      `Cannot serve the playground on port ${port}: it is in use. Take another, or 0 for any`,
      { cause },
    );
  }
}
