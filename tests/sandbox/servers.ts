import { ROOT } from "../support/checkout.ts";
import { DENO_DIR } from "../support/deno_dir.ts";
import { sandboxedServer, type SandboxOptions, type ServerCommand } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";

/** Text of a JavaScript expression for an object with which a command attacks its surroundings. */
type Attacker = string;

/** A server in a sandbox, which gives its commands all that it has itself. */
export interface SandboxedServer {
  readonly name: string;
  readonly command: ServerCommand;
  /** Its environment. */
  readonly env: Record<string, string>;
  /** An async function that returns the object `host` of {@linkcode attack}. */
  readonly attacker: Attacker;
}

/** Tests of sandboxes run on Linux only. Without bubblewrap they fail there. */
export const noSandbox = Deno.build.os !== "linux";

const UNGUARDED: Attacker = `async () => {
  const orNull = (action) => { try { return action() } catch { return null } };
  const run = () =>
    new Deno.Command(Deno.execPath(), { stdin: "null", stdout: "null", stderr: "null" }).spawn().pid;
  return {
    read: (path) => orNull(() => Deno.readTextFileSync(path)),
    list: (path) => orNull(() => Array.from(Deno.readDirSync(path), ({ name }) => name)),
    write: (path) => orNull(() => { Deno.writeTextFileSync(path, "x"); return true }),
    kill: (pid) => orNull(() => { Deno.kill(pid, "SIGKILL"); return true }),
    connect: (port) => Deno.connect({ port }).then(() => true, () => null),
    environment: () => Object.keys(Deno.env.toObject()),
    start: () => orNull(run),
    hang: () => { for (;;); },
    exit: () => Deno.exit(3),
  };
}`;

const JSOCKD: Attacker = `async () => {
  const std = await import("std"), os = await import("os");
  const orNull = (action) => { try { return action() } catch { return null } };
  return {
    read: (path) => std.loadFile(path),
    list: (path) => {
      const [names, error] = os.readdir(path);
      return error === 0 ? names.filter((name) => !/^[.]{1,2}$/.test(name)) : null;
    },
    write: (path) => {
      const file = std.open(path, "w");
      if (file === null) return null;
      file.puts("x");
      file.close();
      return true;
    },
    kill: (pid) => os.kill(pid, os.SIGKILL) === 0 ? true : null,
    connect: () => null,
    environment: () => Object.keys(std.getenviron()),
    start: () => orNull(() => os.exec([EXECUTABLE, "-v"], { block: false })),
    hang: () => os.sleep(60_000),
    exit: () => std.exit(3),
  };
}`;

/** The options with which Deno runs in a sandbox. */
export const DENO_OPTIONS: SandboxOptions = {
  readOnlyPaths: [DENO_DIR, ROOT.replace(/\/$/, ""), Deno.execPath(), "/bin/sh", "/usr/bin/env"],
  proc: true,
};

function unguarded(): SandboxedServer {
  const program = new URL("./unguarded_server.ts", import.meta.url).pathname;
  return {
    name: "a server on Deno",
    command: sandboxedServer(
      [Deno.execPath(), "run", "--quiet", "--cached-only", "-A", program],
      DENO_OPTIONS,
    ),
    env: { DENO_DIR },
    attacker: UNGUARDED,
  };
}

/** A server on Deno that gives its commands all permissions, and those that `JSOCKD` lists. */
export const sandboxedServers: readonly SandboxedServer[] = noSandbox ? [] : [
  unguarded(),
  ...servers.filter(({ differences }) => differences.hostModules).map(({ name, command }) => ({
    name,
    command: sandboxedServer(command),
    env: {},
    attacker: JSOCKD.replace("EXECUTABLE", JSON.stringify(command[0])),
  })),
];

/** Returns a query that calls a function with the object that attacks, and the parameter. */
export function attack({ attacker }: SandboxedServer, action: string): string {
  return `async (_, p) => { const host = await (${attacker})(); return await (${action})(host, p); }`;
}
