import { assertEquals, assertThrows } from "@std/assert";
import { permissionFlags } from "../../src/client/permissions.ts";
import { JSockDClientError } from "../../src/common/errors.ts";
import { addFiles, isSandboxed, withoutSandbox } from "../../src/sandbox/inside.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { processFilter } from "../../src/sandbox/process_filter.ts";
import { sandboxedServer } from "../../src/sandbox/sandboxed_server.ts";
import { splitServerCommand } from "../../src/config/server_command.ts";

const CONFIG = { nThreads: 1, socketDir: "/run/app" };

/** Registers a test for Linux. Elsewhere there are no sandboxes. */
function linuxTest(name: string, fn: () => void): void {
  Deno.test({ name, ignore: Deno.build.os !== "linux", fn });
}

linuxTest("sandboxedServer() returns a command that runs the server with its arguments", () => {
  const command = splitServerCommand(sandboxedServer(["/opt/jsockd", "-i", "5"]));
  assertEquals(command[0], "/usr/bin/bwrap");
  assertEquals(command.slice(-4), ["--", "/opt/jsockd", "-i", "5"]);
  assertEquals(withoutSandbox(command), ["/opt/jsockd", "-i", "5"]);
});

linuxTest(
  "sandboxedServer() shares nothing with the system but libraries and the executable",
  () => {
    const command = splitServerCommand(sandboxedServer("/opt/jsockd"));
    for (const flag of ["--unshare-all", "--die-with-parent", "--new-session", "--remount-ro"]) {
      assertEquals(command.filter((part) => part === flag), [flag]);
    }
    const bound = (flag: string) => command.filter((_, i) => command[i - 1] === flag);
    assertEquals(bound("--ro-bind"), ["/usr/bin/prlimit", "/opt/jsockd"]);
    assertEquals(bound("--dev-bind-try"), ["/dev/null"]);
    assertEquals(bound("--bind"), []);
    const others = bound("--ro-bind-try");
    assertEquals(others.filter((path) => !/^\/(?:usr\/)?lib|^\/etc\/(?:ld|local)/.test(path)), []);
  },
);

linuxTest("sandboxedServer() takes the options into the command", () => {
  const options = { bwrap: "/opt/bwrap", readOnlyPaths: ["/opt/lib", "/srv"], proc: true };
  const text = splitServerCommand(sandboxedServer("/opt/jsockd", options)).join(" ");
  assertEquals(text.split(" ")[0], "/opt/bwrap");
  assertEquals(text.includes("--ro-bind /opt/lib /opt/lib --ro-bind /srv /srv"), true);
  assertEquals(text.includes("--proc /proc"), true);
});

linuxTest(
  "addFiles() adds the folder of the sockets, files to read, and a filter to a sandbox only",
  () => {
    const plain = splitServerCommand(sandboxedServer("/opt/jsockd"));
    const added = addFiles(plain, "/run/app", ["/srv/m", "/srv/m.map"]);
    const start = plain.indexOf("--hostname");
    assertEquals(added.slice(0, start), plain.slice(0, start));
    assertEquals(
      added.slice(start, added.length - plain.length + start).join(" "),
      "--ro-bind /srv/m /srv/m --ro-bind /srv/m.map /srv/m.map --bind /run/app /run/app --seccomp 0",
    );
    assertEquals(added.slice(added.length - plain.length + start), plain.slice(start));
    assertEquals(addFiles(["jsockd"], "/run/app", ["/srv/m"]), ["jsockd"]);
  },
);

linuxTest("permissionFlags() names bubblewrap in place of a server in a sandbox", () => {
  const plain = permissionFlags(CONFIG, "/opt/jsockd");
  const [run, ...others] = permissionFlags(CONFIG, sandboxedServer("/opt/jsockd"));
  assertEquals(run, "--allow-run=/usr/bin/bwrap,/bin/ps");
  assertEquals(others, plain.slice(1));
  const download = { cacheDir: "/cache", sandbox: { bwrap: "/opt/bwrap" } };
  const [runDownloaded, ...rest] = permissionFlags(CONFIG, download);
  assertEquals(runDownloaded, "--allow-run=/opt/bwrap,/bin/ps");
  assertEquals(rest, permissionFlags(CONFIG, { cacheDir: "/cache" }).slice(1));
});

for (
  const [executable, options, message] of [
    ["jsockd", {}, "expected the path of an executable, not its name"],
    ["", {}, "expected the path of an executable"],
    ["/opt/jsockd", { bwrap: "bwrap" }, "bwrap"],
    ["/opt/jsockd", { readOnlyPaths: ["lib"] }, "readOnlyPaths"],
    ["/opt/jsockd", { readOnlyPaths: "/lib" }, "readOnlyPaths"],
    ["/opt/jsockd", { network: true }, "network"],
  ] as const
) {
  linuxTest(
    `sandboxedServer() throws CONFIG for '${executable}' with ${Deno.inspect(options)}`,
    () => {
      const error = assertThrows(
        () => sandboxedServer(executable, options as SandboxOptions),
        JSockDClientError,
        message,
      );
      assertEquals(error.code, "CONFIG");
    },
  );
}

Deno.test("isSandboxed() is false for other commands", () => {
  assertEquals(isSandboxed("/opt/jsockd"), false);
  assertEquals(isSandboxed(["/usr/bin/bwrap", "--", "/opt/jsockd"]), false);
});

for (
  const [arch, audit, calls] of [
    ["x86_64", 0xc000003e, { read: 0, fork: 57, vfork: 58, unshare: 272, ptrace: 101, clone: 56 }],
    ["aarch64", 0xc00000b7, { read: 63, unshare: 97, ptrace: 117, setns: 268, clone: 220 }],
  ] as const
) {
  Deno.test(`processFilter() lets ${arch} create threads, but no processes`, () => {
    const filter = processFilter(arch);
    const { read, clone, ...others } = calls;
    const clone3 = 435;
    const [VM, VFORK, THREAD, SIGCHLD] = [0x100, 0x4000, 0x10000, 17];
    assertEquals(evaluate(filter, [read, audit]), ALLOW);
    assertEquals(evaluate(filter, [clone, audit, 0, 0, VM | THREAD]), ALLOW);
    assertEquals(evaluate(filter, [clone, audit, 0, 0, SIGCHLD]), EPERM);
    assertEquals(evaluate(filter, [clone, audit, 0, 0, VM | VFORK | SIGCHLD]), EPERM);
    assertEquals(evaluate(filter, [clone3, audit]), ENOSYS);
    for (const call of Object.values(others)) assertEquals(evaluate(filter, [call, audit]), EPERM);
    // The calls of other architectures have other numbers.
    assertEquals(evaluate(filter, [read, 0x40000003]), KILL);
    assertEquals(evaluate(filter, [0x40000000, 0xc000003e]), arch === "x86_64" ? EPERM : KILL);
  });
}

const [ALLOW, EPERM, ENOSYS, KILL] = [0x7fff0000, 0x50001, 0x50026, 0x80000000];

/** Runs a seccomp filter on what the kernel gives it, as 32-bit words. */
function evaluate(filter: Uint8Array<ArrayBuffer>, words: readonly number[]): number {
  const view = new DataView(filter.buffer);
  let loaded = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const [code, value] = [view.getUint16(at, true), view.getUint32(at + 4, true)];
    if (code === 0x06) return value;
    if (code === 0x20) loaded = words[value / 4] ?? 0;
    else {
      const holds = code === 0x15
        ? loaded === value
        : code === 0x35
        ? loaded >= value
        : (loaded & value) !== 0;
      at += 8 * view.getUint8(at + (holds ? 2 : 3));
    }
  }
  throw new Error("The filter does not end");
}
