import { JSockDClientError, messageOf } from "../common/errors.ts";
import { checkFields } from "../config/field_checks.ts";
import type { NatsConnection, NatsConnectOptions, NatsHeaders } from "./library.ts";
import { connect } from "./transport.ts";
import { subject } from "./worker_options.ts";

/**
 * Commands wait while there is no connection, so the next attempt comes soon, and there is no last one.
 * The library notices a server that hangs up before it accepts the client only when the time is over.
 */
const DEFAULTS = { maxReconnectAttempts: -1, reconnectTimeWait: 250, timeout: 5_000 };

/** The options that end in the text of NATS's protocol, which the library does not check. */
const CHECKS = { inboxPrefix: subject };

/**
 * Connects to NATS, for {@linkcode serveNats} and {@linkcode connectNatsJSockD}. It is `connect()` of
 * `@nats-io/transport-node` with other defaults: it reconnects for ever, four times a second, and gives
 * a server 5 s to accept it.
 *
 * @param options The servers, credentials and TLS options of the library.
 * @returns The connection, which must be closed.
 * @throws {JSockDClientError} `CONFIG` if there is no server at the address, it does not accept the
 * credentials, or `inboxPrefix` is no subject. `cause` is the library's error.
 *
 * @example With a password
 * ```ts
 * import { connectToNats, type NatsConnection } from "@x/jsockd/nats";
 *
 * async function connect(pass: string): Promise<NatsConnection> {
 *   return await connectToNats({ servers: "nats://nats.internal:4222", user: "web", pass });
 * }
 * ```
 */
export async function connectToNats(options: NatsConnectOptions): Promise<NatsConnection> {
  const { inboxPrefix } = options;
  checkFields({ inboxPrefix }, CHECKS, "options of the connection");
  try {
    return await connect({ ...DEFAULTS, ...options });
  } catch (cause) {
    const servers = [options.servers ?? "nats://127.0.0.1:4222"].flat().map(withoutSecrets);
    throw new JSockDClientError(
      "CONFIG",
      `Cannot connect to NATS at ${servers.join(", ")}: ${reasonOf(cause)}`,
      { cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return "it has not accepted this client in time; it may want a certificate, or have no room";
  }
  return messageOf(cause) || "no server answers";
}

/** Publishes a message, unless the connection has ended: then nobody can be told. */
export function publishIfOpen(
  connection: NatsConnection,
  subject: string,
  payload: Uint8Array | string,
  options: { reply?: string; headers?: NatsHeaders } = {},
): void {
  try {
    connection.publish(subject, payload, options);
  } catch {
    // The library throws if the connection is closed or draining.
  }
}

/** Removes the user and the password of a URL. */
function withoutSecrets(server: string): string {
  return server.replace(/\/\/.*@/, "//");
}
