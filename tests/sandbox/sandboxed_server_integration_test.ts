import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  initJSockDClient,
  initJSockDClientViaAutoDownload,
  type JSockDClient,
  JSockDClientError,
  type JSockDConfig,
  JSockDJSException,
  sandboxedServer,
  type ServerCommand,
} from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { buildModule } from "../../src/module/mod.ts";
import { Fixture } from "../release/fixture.ts";
import { ROOT } from "../support/checkout.ts";
import { exists, namesIn } from "../support/files.ts";
import { isRunning } from "../support/processes.ts";
import { quiet } from "../support/quiet.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";
import { within } from "../support/within.ts";
import { sandboxTest } from "./sandbox_test_case.ts";
import {
  attack,
  DENO_OPTIONS,
  noSandbox,
  type SandboxedServer,
  sandboxedServers,
} from "./servers.ts";

const ADD = "(_, n) => n + 1";

/** Attacks that must have no effect. Each is given `p`, and returns null or what it found. */
const HARMLESS: Readonly<Record<string, string>> = {
  "reads a file of the system": "(host) => host.read('/etc/passwd') ?? host.read('/etc/hostname')",
  "reads a file of another folder": "(host, p) => host.read(p.secret)",
  "lists a folder of the system":
    "(host) => host.list('/var') ?? host.list('/home') ?? host.list('/sys')",
  "creates a file":
    "(host) => ['/', '/tmp/', '/etc/', '/dev/shm/', '/lib64/'].find((f) => host.write(f + 'x')) ?? null",
  "starts a process": "(host) => host.start()",
  "kills a process": "(host, p) => host.kill(p.victim)",
  "connects to a port": "(host, p) => host.connect(p.port)",
};

for (const server of sandboxedServers) {
  sandboxTest(`sandboxedServer() runs ${server.name} again when it ends in any way`, async () => {
    await using folder = await TempFolder.make();
    await using client = await start(server, { socketDir: folder.path });
    assertEquals(await client.run(ADD, 41), 42);
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      const { pid } = client;
      const ready = nextEvent(client, "ready");
      Deno.kill(pid, signal);
      await ready;
      assert(client.pid !== pid);
      assertEquals(await client.run(ADD, 41), 42);
    }
    const exit = client.run(attack(server, "(host) => host.exit()"));
    await assertRejects(() => exit, JSockDClientError, "exit code 3");
    assertEquals(await client.run(ADD, 41), 42);
    await client.close();
    assertEquals(namesIn(folder.path), []);
  });

  for (const [name, action] of Object.entries(HARMLESS)) {
    sandboxTest(
      `sandboxedServer() keeps ${server.name} from harm when a command ${name}`,
      async () => {
        await using folder = await TempFolder.make();
        const secret = join(folder.path, "secret");
        await Deno.writeTextFile(secret, "secret");
        await using victim = new Deno.Command(Deno.execPath(), {
          args: ["eval", "setTimeout(() => {}, 1e9)"],
        }).spawn();
        using listener = Deno.listen({ port: 0 });
        await using client = await start(server);
        const found = await client.run(attack(server, action), {
          secret,
          victim: victim.pid,
          port: listener.addr.port,
        });
        assertEquals(found, null);
        assert(isRunning(victim.pid));
        victim.kill("SIGKILL");
        await victim.status;
      },
    );
  }

  sandboxTest(
    `sandboxedServer() gives ${server.name} no variables but those of the configuration`,
    async () => {
      await using client = await start(server, { env: { ...server.env, OWN: "1" } });
      const names: string[] = await client.run(attack(server, "(host) => host.environment()"));
      assert(names.includes("OWN"));
      // Deno gives itself a PATH, and bubblewrap sets PWD.
      const known = ["PATH", "PWD", ...Object.keys(server.env)];
      const others = Object.keys(Deno.env.toObject()).filter((name) => !known.includes(name));
      assertEquals(names.filter((name) => others.includes(name)), []);
    },
  );

  sandboxTest(
    `sandboxedServer() keeps the files of sockets empty when a command of ${server.name} writes to one`,
    async () => {
      await using folder = await TempFolder.make();
      await using client = await start(server, { socketDir: folder.path });
      const path = join(folder.path, "file");
      // The system may end the server, which is as good.
      await client.run(attack(server, "(host, path) => host.write(path)"), path).catch(() => {});
      assertEquals(await client.run(ADD, 41), 42);
      await client.close();
      if (exists(path)) assertEquals((await Deno.stat(path)).size, 0);
    },
  );

  for (const way of ["close()", "SIGKILL"] as const) {
    sandboxTest(
      `sandboxedServer() ends all processes of ${server.name} when it ends by ${way}`,
      async () => {
        await using folder = await TempFolder.make();
        await using client = await start(server, {
          socketDir: folder.path,
          maxRestartsPerMinute: 0,
        });
        // bubblewrap, its process in the sandbox, and the server.
        assertEquals(countOf(folder.path), 3);
        if (way === "SIGKILL") Deno.kill(client.pid, way);
        else await client.close();
        await until(() => countOf(folder.path) === 0, "the end of all processes");
      },
    );
  }

  sandboxTest(
    `sandboxedServer() ends all processes of ${server.name} when the program is killed`,
    async () => {
      await using folder = await TempFolder.make();
      const config = {
        nThreads: 1,
        skipJSockDVersionCheck: true,
        socketDir: folder.path,
        env: server.env,
      };
      const program = `
        import { initJSockDClient } from "./mod.ts";
        await initJSockDClient(${JSON.stringify(config)}, ${JSON.stringify(server.command)});
        console.log("started");
        await new Promise(() => setInterval(() => {}, 1e6));`;
      await using child = new Deno.Command(Deno.execPath(), {
        args: ["eval", "--quiet", "--cached-only", program],
        cwd: ROOT,
        stdout: "piped",
      }).spawn();
      const reader = child.stdout.getReader();
      await within(reader.read(), "the program's start");
      // The program has the path in its own arguments.
      assertEquals(countOf(folder.path), 4);
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
      await until(() => countOf(folder.path) === 0, "the end of all processes");
    },
  );
}

const compilers: readonly (readonly [name: string, ServerCommand])[] = noSandbox ? [] : [
  ["the embedded server", sandboxedServer(embeddedServer(), DENO_OPTIONS)],
  ...sandboxedServers.slice(1).map(({ name, command }) => [name, command] as const),
];

for (const [name, command] of compilers) {
  sandboxTest(
    `sandboxedServer() gives ${name} its module and source map when their paths are relative`,
    async () => {
      await using folder = await TempFolder.make();
      const entry = join(folder.path, "entry.ts");
      await Deno.writeTextFile(
        entry,
        "export function fail(): void {\n  throw new Error('oh no');\n}\n",
      );
      const outDir = join(folder.path, "out");
      const built = await buildModule({ entry, outDir, jsockdExec: command });
      const config = {
        nThreads: 1,
        skipJSockDVersionCheck: true,
        bytecodeModulePublicKey: built.bytecodeModulePublicKey,
        bytecodeModuleFile: toRelative(built.bytecodeModuleFile),
        sourceMap: toRelative(built.sourceMap!),
      };
      await using client = await initJSockDClient(quiet(config), command);
      const error = await assertRejects(
        () => client.run("(m) => m.fail()"),
        JSockDJSException,
        "oh no",
      );
      assertEquals(error.trace[0]?.mapped?.line, 2);
    },
  );
}

sandboxTest(
  "initJSockDClientViaAutoDownload() runs the server in a sandbox when the options have one",
  async () => {
    await using fixture = await Fixture.start();
    await using client = await initJSockDClientViaAutoDownload(
      quiet({ nThreads: 1, maxRestartsPerMinute: 3 }),
      { ...fixture.options, sandbox: DENO_OPTIONS },
    );
    for (let restarts = 0; restarts < 2; restarts++) {
      assertEquals(await client.run(ADD, 41), 42);
      assert(argsOf(client.pid).startsWith("/usr/bin/bwrap "), argsOf(client.pid));
      const ready = nextEvent(client, "ready");
      Deno.kill(client.pid, "SIGKILL");
      await ready;
    }
  },
);

sandboxTest("sandboxedServer() sets a limit for the number of threads", async () => {
  const [bwrap, ...args] = sandboxedServer([
    "/bin/sh",
    "-c",
    "ulimit -u 2>/dev/null || ulimit -p",
  ]);
  const { stdout } = await new Deno.Command(bwrap!, { args }).output();
  assertEquals(new TextDecoder().decode(stdout), "512\n");
});

Deno.test({
  name: "sandboxedServer() throws PLATFORM when this is not Linux",
  ignore: !noSandbox,
  fn() {
    const error = assertThrows(() => sandboxedServer("/usr/bin/jsockd"), JSockDClientError);
    assertEquals(error.code, "PLATFORM");
  },
});

async function start(
  server: SandboxedServer,
  config: Partial<JSockDConfig> = {},
): Promise<JSockDClient> {
  return await initJSockDClient(
    quiet({
      nThreads: 1,
      skipJSockDVersionCheck: true,
      maxRestartsPerMinute: 3,
      env: server.env,
      ...config,
    }),
    server.command,
  );
}

function nextEvent(client: JSockDClient, type: "ready"): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.addEventListener(type, () => resolve(), { once: true });
  return within(promise, `the event '${type}'`);
}

/** Returns a relative path of a file, by way of the root folder. */
function toRelative(path: string): string {
  return "../".repeat(Deno.cwd().split("/").length) + path.slice(1);
}

/** Returns the arguments of a process. */
function argsOf(pid: number): string {
  return ps("-p", String(pid));
}

/** Returns the number of processes whose arguments contain a text. */
function countOf(mark: string): number {
  return ps("-A").split("\n").filter((line) => line.includes(mark)).length;
}

function ps(...which: string[]): string {
  const { stdout } = new Deno.Command("ps", { args: [...which, "-o", "args="] }).outputSync();
  return new TextDecoder().decode(stdout);
}
