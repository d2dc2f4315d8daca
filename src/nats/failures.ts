// The errors that commands reject with which have no reply, and how they are told apart.
import { JSockDClientError } from "../common/errors.ts";
import type { PendingCommand } from "./pending_command.ts";

/** Returns the error for a subject that nobody listens at. */
export function noWorkers(subject: string): JSockDClientError {
  return new JSockDClientError(
    "NO_WORKERS",
    `Cannot run the command: no worker serves '${subject}'; start one, or correct the subject`,
  );
}

/** Returns the error for a command that has waited for room as long as it may. */
export function busy(subject: string, queueTimeoutUs: number): JSockDClientError {
  return new JSockDClientError(
    "BUSY",
    `Cannot run the command: all workers of '${subject}' were full for ${queueTimeoutUs} µs ` +
      "(queueTimeoutUs); add workers",
  );
}

/** Returns the error for a command whose time is over: the advice depends on where it is. */
export function expired(
  { waitsSince, token, worker }: PendingCommand,
  milliseconds: number,
): JSockDClientError {
  const waits = waitsSince !== undefined && token === undefined;
  const reason = waits
    ? "all workers were full; add workers"
    : token === undefined
    ? "it could not be sent; is there a connection to NATS?"
    : worker === undefined
    ? waitsSince === undefined
      ? "no worker has said that it has the command"
      : "the workers had no room for it until just now; add workers"
    : "the worker that has it has not answered; raise timeoutUs";
  return new JSockDClientError(
    waits ? "BUSY" : "TIMEOUT",
    `Cannot get a result within ${Math.round(milliseconds * 1000)} µs: ${reason}`,
  );
}

/** Returns the error for a command that a worker may have had that is lost, after so many losses. */
export function lost({ idempotent, losses }: PendingCommand, reason: string): JSockDClientError {
  const more = idempotent
    ? `It is idempotent, but this happened ${losses} times, so it is not sent again`
    : "Whether the command has run is unknown; if it may run twice, run it with idempotent: true";
  return new JSockDClientError("SERVER_EXITED", `${reason}. ${more}`);
}

/** Returns the error for a user who may not publish to the subject of the workers. */
export function mayNotPublish(subject: string, cause: Error): JSockDClientError {
  return new JSockDClientError(
    "CONFIG",
    `Cannot run the command: NATS does not let this user publish to '${subject}'; change its ` +
      `permissions (${cause.message})`,
    { cause },
  );
}

/** Returns the error for a user who may not subscribe to the subjects where replies come. */
export function mayNotHear(cause: Error): JSockDClientError {
  return new JSockDClientError(
    "CONFIG",
    "Cannot receive replies: NATS does not let this user subscribe to their subjects; change its " +
      `permissions, or set inboxPrefix (${cause.message})`,
    { cause },
  );
}
