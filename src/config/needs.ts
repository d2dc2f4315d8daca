import { JSockDClientError } from "../common/errors.ts";

/** One permission: as Deno is asked for it, and as it is given on the command line. */
export interface Need {
  readonly descriptor: Deno.PermissionDescriptor;
  readonly flag: "run" | "read" | "write" | "net" | "env";
  /** What the flag must allow; undefined: everything, because what exactly is not known before. */
  readonly value: string | undefined;
}

/** The need to start a program. */
export function run(command: string): Need {
  return { descriptor: { name: "run", command }, flag: "run", value: command };
}

/** The need to read a folder. */
export function read(path: string): Need {
  return { descriptor: { name: "read", path }, flag: "read", value: path };
}

/** The need to write in a folder. */
export function write(path: string): Need {
  return { descriptor: { name: "write", path }, flag: "write", value: path };
}

/** The need to connect to a host, or to any. */
export function net(host?: string): Need {
  const descriptor: Deno.NetPermissionDescriptor = { name: "net" };
  if (host !== undefined) descriptor.host = host;
  return { descriptor, flag: "net", value: host };
}

/** The need to read an environment variable. */
export function env(variable: string): Need {
  return { descriptor: { name: "env", variable }, flag: "env", value: variable };
}

/**
 * Finds the needs that are not met. On a terminal Deno may ask the person in front of it.
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

/** The flags of `deno run` that meet the needs, each with all its values. */
export function toFlags(needs: readonly Need[]): string[] {
  return Object.entries(Object.groupBy(needs, (need) => need.flag)).map(([flag, same]) => {
    const values = new Set(same.map(({ value }) => value));
    if (values.has(undefined)) return `--allow-${flag}`;
    const list = [...values].join(",");
    // Deno separates a flag's values by commas, and knows no other way to write one.
    return values.size === list.split(",").length ? `--allow-${flag}=${list}` : `--allow-${flag}`;
  });
}

/**
 * Says which permissions are missing.
 *
 * @param what What cannot be done without them.
 * @param hint What else there is to say.
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
