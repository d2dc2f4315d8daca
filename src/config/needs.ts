import { JSockDClientError } from "../common/errors.ts";

/** A permission that is needed, both as a descriptor to query and as a command-line flag. */
export interface Need {
  readonly descriptor: Deno.PermissionDescriptor;
  readonly flag: "run" | "read" | "write" | "net" | "env";
  /**
   * The value of the flag; undefined if the exact value is not known in advance, so all is needed.
   */
  readonly value: string | undefined;
}

/** Returns the need to start a program. */
export function run(command: string): Need {
  return { descriptor: { name: "run", command }, flag: "run", value: command };
}

/** Returns the need to read a folder. */
export function read(path: string): Need {
  return { descriptor: { name: "read", path }, flag: "read", value: path };
}

/** Returns the need to write to a folder. */
export function write(path: string): Need {
  return { descriptor: { name: "write", path }, flag: "write", value: path };
}

/** Returns the need to connect to a host, or to any host. */
export function net(host?: string): Need {
  const descriptor: Deno.NetPermissionDescriptor = { name: "net" };
  if (host !== undefined) descriptor.host = host;
  return { descriptor, flag: "net", value: host };
}

/** Returns the need to read an environment variable. */
export function env(variable: string): Need {
  return { descriptor: { name: "env", variable }, flag: "env", value: variable };
}

/**
 * Resolves to the needs that are not granted. On a terminal, Deno may ask the user to grant them.
 */
export async function findMissing(needs: readonly Need[]): Promise<Need[]> {
  const missing: Need[] = [];
  for (const need of needs) {
    const { state } = await Deno.permissions.query(need.descriptor);
    if (state === "granted") continue;
    if (state === "prompt" && Deno.stdin.isTerminal()) {
      if ((await Deno.permissions.request(need.descriptor)).state === "granted") continue;
    }
    missing.push(need);
  }
  return missing;
}

/** Returns the flags of `deno run` that grant the needs, one flag with all values for each kind. */
export function toFlags(needs: readonly Need[]): string[] {
  return Object.entries(Object.groupBy(needs, (need) => need.flag)).map(([flag, same]) => {
    const values = new Set(same.map(({ value }) => value));
    if (values.has(undefined)) return `--allow-${flag}`;
    const list = [...values].join(",");
    // Deno splits the value of a flag at commas and has no way to escape one, so a value with a
    // comma needs the flag without values.
    return values.size === list.split(",").length ? `--allow-${flag}=${list}` : `--allow-${flag}`;
  });
}

/**
 * Returns an error that names the missing permissions.
 *
 * @param what What cannot be done without them; follows "Cannot" in the message.
 * @param hint Text to append to the message.
 */
export function permissionError(
  what: string,
  missing: readonly Need[],
  hint = "",
): JSockDClientError {
  const flags = toFlags(missing).map(quoteForShell).join(" ");
  return new JSockDClientError(
    "PERMISSION",
    `Cannot ${what} without more permissions; add to 'deno run': ${flags}${hint}`,
  );
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
