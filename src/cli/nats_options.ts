import type { NatsConnectOptions } from "../nats/mod.ts";
import { UsageError } from "./arguments.ts";
import type { Options, Values } from "./command.ts";

/** The address of a server that was started without options. */
const DEFAULT_URL = "nats://127.0.0.1:4222";

/** The options for a connection to NATS. Secrets are not among them: any user can list arguments. */
export const NATS_OPTIONS = {
  nats: { value: "URL", help: "NATS servers, with commas between them (NATS_URL)" },
  creds: { value: "FILE", help: "NATS credentials (.creds)" },
  user: { value: "NAME", help: "NATS user; the password is in NATS_PASSWORD" },
  "inbox-prefix": { value: "NAME", help: "begins the subjects of answers (_INBOX)" },
  "tls-ca": { value: "FILE", help: "trust the authorities in this file; needs TLS" },
  "tls-cert": { value: "FILE", help: "own certificate, with --tls-key" },
  "tls-key": { value: "FILE", help: "its private key" },
} as const satisfies Options;

/** The values of the options for a connection to NATS. */
export type NatsValues = Values<typeof NATS_OPTIONS>;

/**
 * Resolves to the options of the NATS library. A password or token comes from the environment
 * variable `NATS_PASSWORD` or `NATS_TOKEN`.
 *
 * @throws {UsageError} If the options contradict each other, or one is missing.
 */
export async function toNatsOptions(values: NatsValues): Promise<NatsConnectOptions> {
  const { nats = readVariable("NATS_URL") ?? DEFAULT_URL, creds, user } = values;
  const inboxPrefix = values["inbox-prefix"];
  const servers = nats.split(",");
  if (servers.some((server) => server.includes("@"))) {
    throw new UsageError(
      "Cannot use --nats with a user or token in the URL: any user of this machine can list " +
        "arguments; use --creds, --user and NATS_PASSWORD, or NATS_TOKEN",
    );
  }
  return {
    servers,
    ...inboxPrefix !== undefined && { inboxPrefix },
    ...await toTls(values),
    ...await toAuthentication(creds, user),
  };
}

async function toAuthentication(
  creds: string | undefined,
  user: string | undefined,
): Promise<NatsConnectOptions> {
  if (creds !== undefined && user !== undefined) {
    throw new UsageError("Cannot use --creds and --user together: each says who this is");
  }
  if (creds !== undefined) {
    const text = await readText("--creds", creds);
    const { credsAuthenticator } = await import("@nats-io/transport-node");
    return { authenticator: credsAuthenticator(new TextEncoder().encode(text)) };
  }
  if (user === undefined) {
    const token = readVariable("NATS_TOKEN");
    return token === undefined ? {} : { token };
  }
  const pass = readVariable("NATS_PASSWORD");
  if (pass !== undefined) return { user, pass };
  throw new UsageError("Cannot use --user without the environment variable NATS_PASSWORD");
}

async function toTls(
  { "tls-ca": ca, "tls-cert": cert, "tls-key": key }: NatsValues,
): Promise<NatsConnectOptions> {
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("Cannot use one of --tls-cert and --tls-key without the other");
  }
  if (ca === undefined && cert === undefined) return {};
  return {
    tls: {
      ...ca !== undefined && { ca: await readText("--tls-ca", ca) },
      ...cert !== undefined && { cert: await readText("--tls-cert", cert) },
      ...key !== undefined && { key: await readText("--tls-key", key) },
    },
  };
}

async function readText(option: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(`Cannot use ${option} '${path}': there is no such file`);
  }
}

/** Returns the value of an environment variable that is set and may be read. */
function readVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) || undefined : undefined;
}
