import type { JSockDClient, JSockDConfig } from "../../mod.ts";
import {
  connectNatsJSockD,
  connectToNats,
  type NatsClientOptions,
  type NatsConnection,
  type NatsConnectOptions,
  type NatsJSockDClient,
  type NatsWorker,
  type NatsWorkerOptions,
  serveNats,
} from "../../src/nats/mod.ts";
import type { TestServer } from "../conformance/servers.ts";
import { Project } from "../module/project.ts";
import { NatsServer, type NatsServerOptions } from "../support/nats_server.ts";
import { startClient } from "../support/start_client.ts";

const SUBJECT = "test.pages";

const MODULE = `
export const echo = (value) => value;
export const nothing = () => "nothing";
export const fail = (text) => { throw new Error(text); };
export const ask = (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += JSockD.sendMessage({ i });
  return sum;
};
export const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
  return ms;
};
export const secret = 42;
`;

/** What differs from the defaults of a fixture. */
export interface FixtureOptions {
  readonly nats?: NatsServerOptions;
  /** How the worker connects. */
  readonly connection?: NatsConnectOptions;
  readonly config?: Partial<JSockDConfig>;
  readonly worker?: Partial<NatsWorkerOptions>;
  readonly client?: Partial<NatsClientOptions>;
}

/** A NATS server, a worker on it with a module, and a client of both kinds. */
export interface Fixture extends AsyncDisposable {
  readonly nats: NatsServer;
  /** Another connection to the server. */
  readonly connection: NatsConnection;
  /** The client whose server runs the commands. */
  readonly near: JSockDClient;
  readonly worker: NatsWorker;
  /** The client whose commands go over NATS. */
  readonly far: NatsJSockDClient;
  readonly subject: string;
}

/** Starts all of it. */
export async function startFixture(
  server: TestServer,
  options: FixtureOptions = {},
): Promise<Fixture> {
  await using stack = new AsyncDisposableStack();
  const project = stack.use(await Project.make({ "main.ts": MODULE }));
  const nats = stack.use(await NatsServer.start(options.nats));
  const built = await project.build(server);
  const near = stack.use(
    await startClient(server, {
      jsockdVersion: server.version,
      maxCommandRuntimeUs: 10_000_000,
      ...built,
      ...options.config,
    }),
  );
  const connection = stack.use(await connectToNats({ servers: nats.url, ...options.connection }));
  const worker = stack.use(
    await serveNats(near, { connection, subject: SUBJECT, ...options.worker }),
  );
  const far = stack.use(
    await connectNatsJSockD({ servers: nats.url, subject: SUBJECT, ...options.client }),
  );
  const resources = stack.move();
  return {
    ...{ nats, connection, near, worker, far, subject: SUBJECT },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
