import type { ServerState } from "./events.ts";

/** Whether one thread of a server answers. */
export interface ThreadHealth {
  /** The number of the thread, from 0. */
  readonly index: number;
  /**
   * `ok`: it has answered. `busy`: it runs a command, within its limits. `unresponsive`: it runs none,
   * and has not answered in time. `down`: there is no server, or its socket is closed.
   */
  readonly status: "ok" | "busy" | "unresponsive" | "down";
  /** Why the status is not `ok`. */
  readonly reason?: string;
}

/**
 * Whether a client's server answers.
 *
 * @example Handlers for readiness and liveness
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import type { JSockDClient } from "@x/jsockd";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * async function readiness(client: JSockDClient): Promise<Response> {
 *   const health = await client.health();
 *   return Response.json(health, { status: health.healthy ? 200 : 503 });
 * }
 *
 * // The client restarts its server itself. Only when it has given up does a new process help.
 * async function liveness(client: JSockDClient): Promise<Response> {
 *   const { serverState, reason } = await client.health();
 *   return Response.json({ serverState, reason }, { status: serverState === "ended" ? 503 : 200 });
 * }
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
 * assertEquals((await readiness(client)).status, 200);
 * assertEquals((await liveness(client)).status, 200);
 * ```
 */
export interface ClientHealth {
  /** Whether there is a server, and each of its threads is `ok` or `busy`. */
  readonly healthy: boolean;
  /** Whether there is a server. */
  readonly serverState: ServerState;
  /** Why there is no server; missing if there is one. */
  readonly reason?: string;
  /** The threads of the present server, or of the last one. */
  readonly threads: readonly ThreadHealth[];
}
