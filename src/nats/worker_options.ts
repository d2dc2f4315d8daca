import {
  boolean,
  checkFields,
  type FieldCheck,
  type FieldChecks,
  integer,
  matching,
} from "../config/field_checks.ts";
import { defaultConfig } from "../config/config.ts";
import { JSockDClientError } from "../common/errors.ts";
import type { NatsConnection } from "./library.ts";

/**
 * Options of {@linkcode serveNats}.
 *
 * @example A worker that takes at most 8 commands at once
 * ```ts
 * import type { NatsConnection, NatsWorkerOptions } from "@x/jsockd/nats";
 *
 * const options = (connection: NatsConnection): NatsWorkerOptions => ({
 *   connection,
 *   subject: "pages.v1",
 *   maxInFlight: 8,
 * });
 * ```
 */
export interface NatsWorkerOptions {
  /** The connection to NATS. Whoever made it closes it. */
  connection: NatsConnection;
  /** The subject to take commands at. Workers of another version of a module have another one. */
  subject: string;
  /** The queue group of the workers. Default `"jsockd"`. */
  queue?: string;
  /**
   * How many commands to take at most. More go to other workers, or wait at their callers. Default: 128
   * for each thread. Whatever it is, a worker whose threads are busy takes no more than it can do in
   * about 100 ms.
   */
  maxInFlight?: number;
  /**
   * Whether callers can only call exports of the module by name, and send no code. Default true. Set it
   * to false only if all who can publish to the subject may run any code here.
   */
  namedOnly?: boolean;
  /** The longest parameter to take, in bytes. Default 67,108,864: 64 MiB. */
  maxParamBytes?: number;
  /** The name of the service, for `nats service ls`: letters, digits, `-`, `_`. Default `"jsockd"`. */
  name?: string;
  /** The version of the service, such as `1.2.3`. Default `"0.0.0"`. */
  version?: string;
  /** What tells this module from others, such as its hash, for `nats service info`. */
  moduleHash?: string;
}

/** The options of a worker with their defaults. */
export type CheckedWorkerOptions =
  & Required<Omit<NatsWorkerOptions, "moduleHash" | "maxInFlight">>
  & Pick<NatsWorkerOptions, "moduleHash" | "maxInFlight">;

/** A connection of the library, of whatever version: this package uses these methods. */
export const natsConnection: FieldCheck = (value) =>
  typeof value === "object" && value !== null && "publish" in value && "subscribe" in value
    ? undefined
    : "a connection to NATS, as connect() of '@nats-io/transport-node' returns it";

/** A subject without wildcards. */
export const subject: FieldCheck = matching(
  /^(?!\$)[^\s.*>]+(\.[^\s.*>]+)*$/,
  "a subject of NATS without wildcards, such as 'pages.v1'",
);

const CHECKS: FieldChecks<NatsWorkerOptions> = {
  connection: natsConnection,
  subject,
  queue: matching(/^[^\s*>]+$/, "the name of a queue group, without spaces and wildcards"),
  maxInFlight: integer(1, 1_000_000),
  namedOnly: boolean,
  maxParamBytes: integer(0, Number.MAX_SAFE_INTEGER),
  name: matching(/^[-\w]+$/, "letters, digits, '-' and '_'"),
  version: matching(
    /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    "a semantic version such as 1.2.3",
  ),
  moduleHash: matching(/^[\x20-\x7e]{1,200}$/, "1 to 200 characters of ASCII"),
};

/**
 * Checks options and fills in the defaults.
 *
 * @throws {JSockDClientError} `CONFIG` if an option is unknown, missing or invalid.
 */
export function checkWorkerOptions(options: NatsWorkerOptions): CheckedWorkerOptions {
  const checked = checkFields(options, CHECKS, "options of the worker");
  requireFields(checked, ["connection", "subject"], CHECKS);
  return {
    queue: "jsockd",
    namedOnly: true,
    maxParamBytes: defaultConfig().maxParamBytes,
    name: "jsockd",
    version: "0.0.0",
    ...checked,
  };
}

/** Throws what {@linkcode checkFields} throws for an undefined value, which it takes for a missing one. */
export function requireFields<T extends object>(
  options: T,
  fields: readonly (keyof T & string)[],
  checks: FieldChecks<T>,
): void {
  for (const field of fields) {
    if (options[field] !== undefined) continue;
    throw new JSockDClientError(
      "CONFIG",
      `Cannot do without ${field}: expected ${checks[field](undefined)}`,
    );
  }
}
