/**
 * Runs JavaScript on workers on any number of machines, which are reached over [NATS](https://nats.io):
 * for more than one machine can do. `serveNats()`, or `jsockd worker` on the command line, turns a
 * client with its server into a worker. `connectNatsJSockD()` creates a client of such workers, which
 * runs commands as `JSockDClient` does.
 *
 * @example A program that renders on workers
 * ```ts
 * import { connectNatsJSockD } from "@x/jsockd/nats";
 *
 * interface Pages {
 *   page(props: { title: string }): string;
 * }
 *
 * async function serve(): Promise<void> {
 *   const client = await connectNatsJSockD({ servers: "nats://127.0.0.1:4222", subject: "pages.v1" });
 *   const pages = client.withModule<Pages>();
 *   Deno.serve(async () =>
 *     new Response(await pages.run((module, props) => module.page(props), { title: "Hello" }), {
 *       headers: { "content-type": "text/html; charset=utf-8" },
 *     })
 *   );
 * }
 * ```
 *
 * @module
 */
import "../common/runtime_check.ts";

export type { CommandClient } from "../client/command_methods.ts";
export {
  connectNatsJSockD,
  type NatsClientStats,
  NatsJSockDClient,
  type WorkerLoss,
} from "./client.ts";
export type { NatsClientOptions } from "./client_options.ts";
export { connectToNats } from "./connection.ts";
export type {
  NatsConnection,
  NatsConnectOptions,
  NatsHeaders,
  NatsMessage,
  NatsStatus,
  NatsSubscription,
} from "./library.ts";
export { NatsWorker, type NatsWorkerStats, serveNats } from "./worker.ts";
export type { NatsWorkerOptions } from "./worker_options.ts";
