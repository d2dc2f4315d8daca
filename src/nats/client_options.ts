import { JSockDClientError } from "../common/errors.ts";
import { defaultConfig, MAX_TIMEOUT_US } from "../config/config.ts";
import { checkFields, type FieldChecks, integer } from "../config/field_checks.ts";
import type { NatsConnection, NatsConnectOptions } from "./library.ts";
import { natsConnection, requireFields, subject } from "./worker_options.ts";

/**
 * Options of {@linkcode connectNatsJSockD}.
 *
 * @example With TLS and credentials
 * ```ts
 * import type { NatsClientOptions } from "@x/jsockd/nats";
 *
 * const options = (ca: string, token: string): NatsClientOptions => ({
 *   servers: ["tls://nats-1.internal:4222", "tls://nats-2.internal:4222"],
 *   nats: { token, tls: { ca } },
 *   subject: "pages.v1",
 * });
 * ```
 */
export interface NatsClientOptions {
  /** The NATS servers to connect to. Or give a `connection`. */
  servers?: string | string[];
  /** More options of the NATS library for `servers`: credentials, TLS. */
  nats?: NatsConnectOptions;
  /** A connection to use. It stays open when the client is closed. */
  connection?: NatsConnection;
  /** The subject that the workers serve. */
  subject: string;
  /** The default timeout of a command, from call to result, in microseconds. Default 15,000,000. */
  timeoutUs?: number;
  /**
   * How long a command waits for a worker with room before it rejects with `BUSY`, in microseconds.
   * Default: it waits until its timeout.
   */
  queueTimeoutUs?: number;
}

/** The options of a client with their defaults. */
export type CheckedClientOptions =
  & Required<Pick<NatsClientOptions, "subject" | "timeoutUs" | "queueTimeoutUs">>
  & Pick<NatsClientOptions, "servers" | "nats" | "connection">;

const CHECKS: FieldChecks<NatsClientOptions> = {
  servers: (value) =>
    [value].flat().every((one) => typeof one === "string" && one !== "") &&
      [value].flat().length > 0
      ? undefined
      : "the URL of a NATS server, or several in an array",
  nats: (value) =>
    typeof value === "object" && value !== null ? undefined : "options of the NATS library",
  connection: natsConnection,
  subject,
  timeoutUs: integer(1, MAX_TIMEOUT_US),
  queueTimeoutUs: integer(1, MAX_TIMEOUT_US),
};

/**
 * Checks options and fills in the defaults.
 *
 * @throws {JSockDClientError} `CONFIG` if an option is unknown, missing or invalid.
 */
export function checkClientOptions(options: NatsClientOptions): CheckedClientOptions {
  const checked = checkFields(options, CHECKS, "options of the client");
  requireFields(checked, ["subject"], CHECKS);
  const { connection, servers, nats } = checked;
  if (connection !== undefined && (servers !== undefined || nats !== undefined)) {
    throw new JSockDClientError(
      "CONFIG",
      "Cannot use servers or nats together with connection: it is connected already",
    );
  }
  const { timeoutUs } = defaultConfig();
  return { timeoutUs, queueTimeoutUs: MAX_TIMEOUT_US, ...checked };
}
