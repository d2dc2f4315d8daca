import { resolve } from "@std/path/posix/resolve";
import { JSockDClientError } from "../common/errors.ts";
import type { ServerCommand } from "../config/config.ts";
import { splitServerCommand } from "../config/server_command.ts";
import { beginsInside } from "./inside.ts";
import { checkSandboxOptions, type SandboxOptions } from "./options.ts";

/** The folders and files in which Linux distributions keep the libraries that jsockd needs. */
const LIBRARIES: readonly string[] = [
  "/lib64",
  "/usr/lib64",
  `/lib/${Deno.build.arch}-linux-gnu`,
  `/usr/lib/${Deno.build.arch}-linux-gnu`,
  "/lib/ld-linux-aarch64.so.1",
  // Arch Linux keeps all libraries in one folder, together with much else.
  ...["libc.so.6", "libm.so.6", "libatomic.so.1"].map((file) => `/usr/lib/${file}`),
];

/** The files in `/etc` without which jsockd finds no libraries, or another time zone. */
const SETTINGS: readonly string[] = ["/etc/ld.so.cache", "/etc/localtime"];

/** Sets limits and then runs a program. It is a part of util-linux. */
const PRLIMIT = "/usr/bin/prlimit";

/** How many threads a server may have. jsockd has at most 256 threads of commands. */
const MAX_THREADS = 512;

/**
 * Returns the command that runs jsockd in a sandbox of
 * [bubblewrap](https://github.com/containers/bubblewrap), for code of strangers. Linux only; install
 * the package `bubblewrap`.
 *
 * In the sandbox there are no files but the libraries that jsockd needs, jsockd itself, the module
 * of the configuration and its source map, all read-only, and the folder of the sockets: give
 * `socketDir` a folder of its own. There is no network and no process of the system. Nothing can be
 * written to a file, and no program started. The server has no capabilities, and it ends with the
 * program that started it.
 *
 * Its threads are at most 512, but the system does not apply this to `root`. Linux before 5.14
 * counts all processes of the user, in and outside of the sandbox.
 *
 * The client adds the paths of the sockets and of the module, and a seccomp filter, at each start.
 * `client.pid` is the process of bubblewrap; to end it ends the server. `buildModule` and
 * `watchModule` compile without the sandbox, as they run no code.
 *
 * @param executable The path of jsockd, or an array of it and leading arguments.
 * @param options Where bubblewrap is, and what else the server may read.
 * @returns The executable and its leading arguments.
 * @throws {JSockDClientError} `PLATFORM` where there is no bubblewrap, which is everywhere but on
 * Linux, `CONFIG` if an argument is not valid. Starting the client throws `SPAWN`, with what to
 * install or to allow, if bubblewrap is missing or may not create the sandbox.
 *
 * @example Strangers' code on jsockd
 * ```ts
 * import { initJSockDClient, installJSockD, type JSockDClient, sandboxedServer } from "@x/jsockd";
 *
 * async function start(): Promise<JSockDClient> {
 *   return await initJSockDClient({ nThreads: 2 }, sandboxedServer(await installJSockD()));
 * }
 * ```
 *
 * @example The permissions for it
 * ```ts
 * import { permissionFlags, sandboxedServer } from "@x/jsockd";
 * import { assertEquals } from "@std/assert";
 *
 * if (Deno.build.os === "linux") {
 *   const server = sandboxedServer("/usr/local/bin/jsockd");
 *   const [run] = permissionFlags({ nThreads: 1, socketDir: "/run/app" }, server);
 *   assertEquals(run, "--allow-run=/usr/bin/bwrap,/bin/ps");
 * }
 * ```
 */
export function sandboxedServer(
  executable: ServerCommand,
  options: SandboxOptions = {},
): ServerCommand {
  if (Deno.build.os !== "linux") {
    throw new JSockDClientError(
      "PLATFORM",
      `Cannot run a server in a sandbox on ${Deno.build.os}: bubblewrap is for Linux; use the ` +
        "embedded server on QuickJS for code of strangers",
    );
  }
  const [program, ...leading] = splitServerCommand(executable);
  const { bwrap = "/usr/bin/bwrap", readOnlyPaths = [], proc = false } = checkSandboxOptions(
    options,
  );
  if (!program.includes("/")) {
    throw new JSockDClientError(
      "CONFIG",
      `Cannot run '${program}' in a sandbox: expected the path of an executable, not its name`,
    );
  }
  const path = resolve(program);
  return [
    bwrap,
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
    ...[...LIBRARIES, ...SETTINGS].flatMap((library) => ["--ro-bind-try", library, library]),
    ...[PRLIMIT, path, ...readOnlyPaths].flatMap((file) => ["--ro-bind", file, file]),
    // Programs that find stdin closed open this in its place.
    ...["--dev-bind-try", "/dev/null", "/dev/null"],
    ...proc ? ["--proc", "/proc"] : [],
    ...beginsInside(),
    PRLIMIT,
    "--core=0",
    // Whatever is writable, nothing can be written to a file. Sockets are none.
    "--fsize=0",
    `--nproc=${MAX_THREADS}`,
    "--",
    path,
    ...leading,
  ];
}

/** Returns the command that runs a server in a sandbox, or without one if there are no options. */
export function inSandbox(
  executable: string,
  options: SandboxOptions | undefined,
): ServerCommand {
  return options === undefined ? executable : sandboxedServer(executable, options);
}
