import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  initJSockDClient,
  JSockDClientError,
  type JSockDConfig,
  sandboxedServer,
  type ServerCommand,
} from "../../mod.ts";
import { explainSandboxFailure } from "../../src/sandbox/failures.ts";
import { ROOT } from "../support/checkout.ts";
import { quiet } from "../support/quiet.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { findObstacle, sandboxObstacle, sandboxTest } from "./sandbox_test_case.ts";
import { noSandbox } from "./servers.ts";

/** A program that prints the error of a client whose server is `/bin/true` in a sandbox. */
const PROGRAM = `
  import { initJSockDClient, sandboxedServer } from "./mod.ts";
  const config = { nThreads: 1, maxRestartsPerMinute: 0, logger() {} };
  await initJSockDClient(config, sandboxedServer("/bin/true")).catch((error) =>
    console.log(error.code, error.message)
  );`;

const EVAL = [Deno.execPath(), "eval", "--quiet", "--cached-only", PROGRAM];

for (
  const [name, server, message] of noSandbox ? [] : [
    [
      "the executable is missing",
      () => sandboxedServer("/nowhere/jsockd"),
      /^Cannot start the sandbox: there is no '\/nowhere\/jsockd' \(/,
    ],
    [
      "a program in the sandbox lacks its interpreter",
      (path: string) => sandboxedServer(path),
      /^Cannot start the sandbox: the loader of '.*' is not in the sandbox; .* readOnlyPaths/,
    ],
    [
      "the server ends by itself",
      () => sandboxedServer("/bin/true"),
      /^Cannot start the server: it ended with exit code 0 before it was ready/,
    ],
  ] as const
) {
  sandboxTest(`initJSockDClient() rejects with SPAWN and what to do when ${name}`, async () => {
    await using folder = await TempFolder.make();
    const script = join(folder.path, "script");
    await Deno.writeTextFile(script, "#!/bin/sh\n", { mode: 0o755 });
    await assertCannotStart(server(script), message);
  });
}

sandboxTest(
  "initJSockDClient() names the module when it does not exist, and runs in a sandbox",
  async () => {
    await using folder = await TempFolder.make();
    const bytecodeModuleFile = join(folder.path, "missing");
    await assertCannotStart(
      sandboxedServer("/bin/true"),
      /^Cannot start the sandbox: there is no '.*\/missing' \(/,
      { bytecodeModuleFile, bytecodeModulePublicKey: "00".repeat(32) },
    );
  },
);

if (!noSandbox) {
  Deno.test("initJSockDClient() rejects with SPAWN and what to do when bubblewrap is missing", async () => {
    await assertCannotStart(
      sandboxedServer("/bin/true", { bwrap: "/nowhere/bwrap" }),
      /^Cannot start the sandbox: there is no '\/nowhere\/bwrap'; install the package 'bubblewrap'/,
    );
  });
}

const obstacle = sandboxObstacle;
if (!noSandbox && obstacle !== undefined) {
  Deno.test(`initJSockDClient() rejects with SPAWN and what to do on this machine: ${obstacle}`, async () => {
    await assertCannotStart(
      sandboxedServer("/bin/true", { proc: true }),
      /^(?:bwrap|prlimit): |NotFound/.test(obstacle)
        ? /^Cannot start the sandbox: .*(?:install|let the container|run 'sysctl|as root|raise)/
        : /^Cannot start/,
    );
  });
}

sandboxTest(
  "initJSockDClient() says that a seccomp filter forbids namespaces when one does",
  async () => {
    await using folder = await TempFolder.make();
    const filter = join(folder.path, "filter");
    await Deno.writeFile(filter, filterOfNamespaces());
    const outer = `exec bwrap --unshare-user --dev-bind / / --seccomp 3 "$@" 3<"$FILTER"`;
    await assertPrints(
      ["bash", "-c", outer, "bash", ...EVAL],
      /^SPAWN Cannot start the sandbox: a seccomp filter forbids new namespaces.*seccomp=unconfined/,
      { FILTER: filter },
    );
  },
);

/** Shell code that forbids namespaces in a namespace of its own, as far as the system lets it. */
const FORBID = "echo 0 >/proc/sys/user/max_user_namespaces";
const [UNSHARE, ...ITS_ARGS] = ["unshare", "--user", "--map-root-user", "bash", "-c"] as const;

sandboxTest(
  "initJSockDClient() names the setting when the system allows no user namespaces",
  async () => {
    const program = `${FORBID} && exec setpriv --bounding-set -all --inh-caps -all "$@"`;
    await assertPrints(
      [UNSHARE, ...ITS_ARGS, program, "bash", ...EVAL],
      /^SPAWN Cannot start the sandbox: the system .*'sysctl user.max_user_namespaces=10000' as root/,
    );
  },
  sandboxObstacle ?? findObstacle(UNSHARE, [...ITS_ARGS, FORBID]),
);

for (
  const [line, advice] of [
    ["bwrap: setting up uid map: Permission denied", /AppArmor .*apparmor_restrict/],
    [
      "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
      /AppArmor .*apparmor_restrict/,
    ],
    ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", /--security-opt seccomp/],
    ["bwrap: Failed to make / slave: Permission denied", /--security-opt apparmor/],
    ["bwrap: Can't find source path /usr/bin/prlimit: No such file", /package 'util-linux'/],
    ["bwrap: Can't find source path /m: Permission denied", /this user may not read '\/m'/],
    ["bwrap: Can't find source path /m: Not a directory", /there is no '\/m'/],
    ["bwrap: Unknown option --new-session", /install version 0.4 or newer/],
    ["bwrap: No such luck", /let the container do so/],
    [
      "prlimit: failed to set the NPROC resource limit: Operation not permitted",
      /lower limit for NPROC than the sandbox; raise that limit/,
    ],
    [
      "x: error while loading shared libraries: libx.so.1: cannot open shared object file",
      /'libx.so.1' is not in the sandbox; add its folder to readOnlyPaths/,
    ],
  ] as const
) {
  Deno.test(`explainSandboxFailure() says what to do when the sandbox wrote '${line}'`, () => {
    const error = new JSockDClientError("SPAWN", `Cannot start the server: it wrote: ${line}`);
    const explained = explainSandboxFailure(error, ["/usr/bin/bwrap"]);
    assertMatch(String(explained), advice);
    assertEquals((explained as Error).cause, error);
  });
}

async function assertCannotStart(
  server: ServerCommand,
  message: RegExp,
  config: Partial<JSockDConfig> = {},
): Promise<void> {
  const error = await assertRejects(
    () => initJSockDClient(quiet({ nThreads: 1, maxRestartsPerMinute: 0, ...config }), server),
    JSockDClientError,
  );
  assertEquals(error.code, "SPAWN");
  assertMatch(error.message, message);
}

async function assertPrints(
  command: readonly [string, ...string[]],
  expected: RegExp,
  env: Record<string, string> = {},
): Promise<void> {
  const { stdout, stderr } = await runToEnd(command, [], {
    env: { ...Deno.env.toObject(), ...env },
    cwd: ROOT,
  }, 120_000);
  assertMatch(stdout, expected, stderr);
}

/** Returns a seccomp filter, as containers have, that forbids to create namespaces. */
function filterOfNamespaces(): Uint8Array {
  const [CLONE, UNSHARE] = Deno.build.arch === "x86_64" ? [56, 272] : [220, 97];
  const NAMESPACES = 0x7e020000;
  const EPERM = 0x00050001;
  const ALLOW = 0x7fff0000;
  const [LOAD, IF_EQUAL, IF_ANY_BIT, RETURN] = [0x20, 0x15, 0x45, 0x06];
  const program = [
    [LOAD, 0, 0, 0],
    [IF_EQUAL, 0, 3, CLONE!],
    [LOAD, 0, 0, 16],
    [IF_ANY_BIT, 0, 3, NAMESPACES],
    [RETURN, 0, 0, EPERM],
    [IF_EQUAL, 0, 1, UNSHARE!],
    [RETURN, 0, 0, EPERM],
    [RETURN, 0, 0, ALLOW],
  ] as const;
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, whenTrue, whenFalse, value], i) => {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, whenTrue);
    view.setUint8(i * 8 + 3, whenFalse);
    view.setUint32(i * 8 + 4, value, true);
  });
  return bytes;
}
