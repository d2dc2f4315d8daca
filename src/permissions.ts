import { resolve } from "@std/path";
import {
  type JSockDConfig,
  resolveConfig,
  type ServerCommand,
  splitServerCommand,
} from "./config.ts";
import { JSockDClientError } from "./errors.ts";
import { socketPaths, temporaryFolder } from "./server/socket_folder.ts";

/** One permission: as Deno is asked for it, and as it is given on the command line. */
interface Need {
  readonly descriptor: Deno.PermissionDescriptor;
  readonly flag: "run" | "read" | "write" | "net";
  /** What the flag must allow; undefined: everything, because what exactly is not known before. */
  readonly value: string | undefined;
}

/**
 * The flags of `deno run` that a client with this configuration needs, and no more. Sockets in a
 * fresh temporary folder need `--allow-net` as a whole, since Deno takes only exact socket paths;
 * with `socketDir` the paths are known and can be named.
 *
 * @param config The configuration that the client will be started with.
 * @param jsockdExec The server that it will start.
 * @returns The flags, each with all its values.
 * @throws {JSockDClientError} `CONFIG` as for `initJSockDClient`.
 *
 * @example Least privilege
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { permissionFlags } from "@x/jsockd";
 *
 * assertEquals(permissionFlags({ nThreads: 1, socketDir: "/run/app" }, "/usr/bin/jsockd"), [
 *   "--allow-run=/usr/bin/jsockd",
 *   "--allow-read=/run/app",
 *   "--allow-write=/run/app",
 *   "--allow-net=unix:/run/app/jsd_0.sock",
 * ]);
 * ```
 */
export function permissionFlags(
  config: Partial<JSockDConfig>,
  jsockdExec: ServerCommand,
): string[] {
  return toFlags(needs(resolveConfig(config), jsockdExec));
}

/**
 * Finds every permission that is missing before anything is started. On a terminal Deno may ask the
 * person in front of it.
 *
 * @throws {JSockDClientError} `PERMISSION`, with the flags to add, if one is missing.
 */
export async function requirePermissions(
  config: JSockDConfig,
  jsockdExec: ServerCommand,
): Promise<void> {
  const missing: Need[] = [];
  for (const need of needs(config, jsockdExec)) {
    const { state } = await Deno.permissions.query(need.descriptor);
    if (state === "granted") continue;
    if (state === "prompt" && Deno.stdin.isTerminal()) {
      if ((await Deno.permissions.request(need.descriptor)).state === "granted") continue;
    }
    missing.push(need);
  }
  if (missing.length === 0) return;
  throw new JSockDClientError(
    "PERMISSION",
    `Cannot start the server without more permissions; add to 'deno run': ${
      toFlags(missing).map(quoteForShell).join(" ")
    }`,
  );
}

function needs(config: JSockDConfig, jsockdExec: ServerCommand): Need[] {
  const [executable] = splitServerCommand(jsockdExec);
  const folder = config.socketDir === undefined ? temporaryFolder() : resolve(config.socketDir);
  const sockets: Need[] = config.socketDir === undefined
    ? [{ descriptor: { name: "net" }, flag: "net", value: undefined }]
    : socketPaths(folder, config.nThreads).map((path) => ({
      descriptor: { name: "net", host: `unix:${path}` },
      flag: "net",
      value: `unix:${path}`,
    }));
  return [
    { descriptor: { name: "run", command: executable }, flag: "run", value: executable },
    { descriptor: { name: "read", path: folder }, flag: "read", value: folder },
    { descriptor: { name: "write", path: folder }, flag: "write", value: folder },
    ...sockets,
  ];
}

function toFlags(needs: Need[]): string[] {
  return Object.entries(Object.groupBy(needs, (need) => need.flag)).map(([flag, same]) => {
    // Deno separates a flag's values by commas, and reads two as one that is meant.
    const values = same.flatMap(({ value }) =>
      value === undefined ? [] : value.replaceAll(",", ",,")
    );
    return values.length === 0 ? `--allow-${flag}` : `--allow-${flag}=${values.join(",")}`;
  });
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
