import { abortable } from "@std/async/abortable";
import manifest from "../../deno.json" with { type: "json" };
import type { JSockDConfig } from "../../mod.ts";
import type { NatsConnection } from "../nats/mod.ts";
import { MAX_THREADS } from "../protocol/limits.ts";
import { logToStderr } from "../server/logging.ts";
import { UsageError } from "./arguments.ts";
import { defineCommand } from "./command.ts";
import { NATS_OPTIONS, toNatsOptions } from "./nats_options.ts";
import { startClient, toConfig, toLimits } from "./server.ts";
import { MODULE_OPTIONS, SERVER_OPTIONS, TIMEOUT_OPTION } from "./server_options.ts";
import { withoutUndefined } from "./without_undefined.ts";

/** The command `jsockd worker`. */
export const command = defineCommand({
  description: "Runs the exports of a module for clients that reach it over NATS. Prints a line\n" +
    "when it is ready. When it is interrupted, it takes no more commands, and ends\n" +
    "when those that it has are answered.",
  operands: {},
  options: {
    subject: { value: "NAME", help: "NATS subject; other modules, other subjects" },
    queue: { value: "NAME", help: "queue group of the workers (jsockd)" },
    ...NATS_OPTIONS,
    ...MODULE_OPTIONS,
    "allow-code": { help: "run any code that clients send, not only exports" },
    ...SERVER_OPTIONS,
    threads: { value: "N", range: [1, MAX_THREADS], help: "threads of the server (CPU cores)" },
    "max-in-flight": {
      value: "N",
      range: [1, 65_536],
      help: "commands to take at once; others go to other workers",
    },
    ...TIMEOUT_OPTION,
  },

  async run(values, _operands, signal) {
    const { subject, queue, threads, "max-in-flight": maxInFlight, timeout } = values;
    const namedOnly = !values["allow-code"];
    if (subject === undefined) throw new UsageError("Cannot run this command without --subject");
    if (namedOnly && values.module === undefined) {
      throw new UsageError(
        "Cannot run this command without --module: a worker runs the exports of a module, and " +
          "other code only with --allow-code",
      );
    }
    const natsOptions = await toNatsOptions(values);

    const config = await toConfig(
      values,
      { ...withoutUndefined({ nThreads: threads }), ...toLimits(timeout) },
      // The server's log goes on while the last commands run.
      new AbortController().signal,
    );
    const { connectToNats, serveNats } = await import("../nats/mod.ts");
    await using client = await startClient(values, config, signal);
    await using connection = await abortable(connectToNats(natsOptions), signal);
    await using worker = await serveNats(client, {
      connection,
      subject,
      namedOnly,
      version: manifest.version,
      ...withoutUndefined({ queue, maxInFlight, moduleHash: await hashModule(config) }),
    });
    console.log(`Worker ${worker.id} takes commands on ${subject}`);
    logStatus(connection);
    const reason = await abortable(connection.closed(), signal);
    console.error(`error: The connection to NATS has ended: ${reason?.message ?? "it was closed"}`);
    return 1;
  },
});

/** Resolves to the first 16 hexadecimal digits of the SHA-256 of the module, if there is one. */
async function hashModule(
  { bytecodeModuleFile }: Partial<JSockDConfig>,
): Promise<string | undefined> {
  if (bytecodeModuleFile === undefined) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(bytecodeModuleFile));
  return new Uint8Array(digest).toHex().slice(0, 16);
}

/** Logs when the connection is interrupted, is there again, or does not allow something. */
async function logStatus(connection: NatsConnection): Promise<void> {
  const errors = new Set<string>();
  for await (const { type, error } of connection.status()) {
    if (type === "disconnect") {
      logToStderr(undefined, "WARN", "Lost the connection to NATS");
    } else if (type === "reconnect") {
      logToStderr(undefined, "INFO", "Connected to NATS again");
    } else if (error?.operation !== undefined && !errors.has(error.operation)) {
      // Each reply that the user may not send is an error.
      errors.add(error.operation);
      logToStderr(
        undefined,
        "ERROR",
        `NATS does not allow what this worker needs: ${error.message}`,
      );
    }
  }
}
