import { JSockDClientError } from "../common/errors.ts";

/** What bubblewrap and `prlimit` write when they fail, and what to do about it. */
const FAILURES: readonly (readonly [pattern: RegExp, explain: (match: string[]) => string])[] = [
  [
    // With AppArmor, the namespace is created, but nothing is allowed in it.
    /bwrap: (?:setting up uid map|loopback: Failed RTM_NEWADDR)/,
    () =>
      "AppArmor does not let bubblewrap use namespaces; load the AppArmor profile for bwrap of your " +
      "distribution, or run 'sysctl kernel.apparmor_restrict_unprivileged_userns=0' as root",
  ],
  [/bwrap: .*(?:No permissions to creat|Creating new namespace failed)/, whyNoNamespace],
  [
    /bwrap: (?:Can't mount proc|Failed to mount|Failed to make|pivot_root|Failed to unmount)/,
    () =>
      "bubblewrap may create namespaces, but not mount anything in them, as in a container; " +
      CONTAINER_ADVICE,
  ],
  [
    /bwrap: Can't find source path (\/usr\/bin\/prlimit)/,
    ([, path]) => `there is no '${path}'; install the package 'util-linux'`,
  ],
  [
    /bwrap: Can't find source path (.*?): Permission denied/,
    ([, path]) => `this user may not read '${path}', or a folder above it`,
  ],
  [/bwrap: Can't find source path (.*?):/, ([, path]) => `there is no '${path}'`],
  [
    /bwrap: Unknown option (\S+)/,
    ([, option]) => `this bubblewrap does not know '${option}'; install version 0.4 or newer`,
  ],
  [
    /prlimit: failed to set the (\S+) resource limit/,
    ([, limit]) => `this user has a lower limit for ${limit} than the sandbox; raise that limit`,
  ],
  [/bwrap: /, () => `bubblewrap fails; ${CONTAINER_ADVICE}`],
  [
    /error while loading shared libraries: (\S+): cannot open/,
    ([, library]) => `'${library}' is not in the sandbox; add its folder to readOnlyPaths`,
  ],
  [
    /prlimit: failed to execute (\S+): No such file/,
    ([, path]) =>
      `the loader of '${path}' is not in the sandbox; if this system has it, add it to readOnlyPaths`,
  ],
];

const CONTAINER_ADVICE =
  "let the container do so, for Docker with '--security-opt seccomp=unconfined --security-opt " +
  "apparmor=unconfined', and '--cap-add SYS_ADMIN' for root, or use the embedded server on QuickJS";

/** Settings of the system that forbid namespaces. */
const SETTINGS = [
  ["kernel.unprivileged_userns_clone", "1"],
  ["user.max_user_namespaces", "10000"],
] as const;

/**
 * Explains why a server in a sandbox does not start. Returns other errors unchanged.
 *
 * @param command The command that started it.
 */
export function explainSandboxFailure(error: unknown, command: readonly string[]): unknown {
  if (!(error instanceof JSockDClientError) || error.code !== "SPAWN") return error;
  if (error.cause instanceof Deno.errors.NotFound) {
    return explained(
      `there is no '${command[0]}'; install the package 'bubblewrap', or set bwrap to its path`,
      error,
    );
  }
  for (const [pattern, explain] of FAILURES) {
    const match = pattern.exec(error.message);
    if (match !== null) return explained(`${explain(match)} (${error.message})`, error);
  }
  return error;
}

function explained(reason: string, cause: JSockDClientError): JSockDClientError {
  return new JSockDClientError("SPAWN", `Cannot start the sandbox: ${reason}`, { cause });
}

function whyNoNamespace(): string {
  const forbidding = SETTINGS.find(([name]) => read(`/proc/sys/${name.replace(".", "/")}`) === "0");
  if (forbidding !== undefined) {
    const [name, value] = forbidding;
    return `the system does not allow user namespaces; run 'sysctl ${name}=${value}' as root`;
  }
  const filtered = /^Seccomp:\s*2$/m.test(read("/proc/self/status") ?? "");
  const reason = filtered
    ? "a seccomp filter forbids new namespaces, as in a container"
    : "the system does not allow new namespaces, and this may be a container, AppArmor, or one of " +
      `the settings ${SETTINGS.map(([name]) => `'${name}'`).join(" and ")}`;
  return `${reason}; ${CONTAINER_ADVICE}`;
}

/** Returns the text of a file of the system, or undefined if Deno may not read it. */
function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return undefined;
  }
}
