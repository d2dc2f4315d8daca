import { assertEquals, assertMatch } from "@std/assert";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { runDeno, runToEnd } from "../support/run_to_end.ts";
import { ServerProcess } from "../support/server_process.ts";

const command = embeddedServer() as readonly [string, ...string[]];

Deno.test("JavaScript in the embedded server cannot reach anything outside", async (t) => {
  await using running = await ServerProcess.start(command, { env: { SECRET: "x" } });
  const connection = await running.connect();

  for (const module of ["std", "os", "node:fs", "file:///etc/passwd", "./server.ts"]) {
    await t.step(`through the module ${module}`, async () => {
      const { errorMessage } = await connection.exception(
        "(_, name) => import(name)",
        JSON.stringify(module),
      );
      assertMatch(errorMessage, /^ReferenceError: JSockD doesn't allow module imports/);
    });
  }

  await t.step("through globals: only those of JavaScript and jsockd exist", async () => {
    const globals = await connection.value(`() => Object.getOwnPropertyNames(globalThis)`);
    const added = globals.slice(globals.indexOf("FinalizationRegistry") + 1);
    assertEquals(added.filter((name: string) => !/Stream|Strategy/.test(name)).sort(), [
      "JSockD",
      "TextDecoder",
      "TextEncoder",
      "console",
    ]);
  });

  await t.step("through results and errors of the host's functions", async () => {
    const types = await connection.value(`() => {
      const reached = [new TextEncoder().encode("x"), JSockD.sendMessage, console.log];
      try { new TextDecoder("none") } catch (error) { reached.push(error); }
      return reached.map((value) => {
        const { constructor } = value.constructor;
        return [constructor === Function, typeof constructor("return globalThis")().Deno];
      });
    }`);
    assertEquals(types, Array(4).fill([true, "undefined"]));
  });
});

Deno.test("embeddedServer() returns only the permissions that the server needs", () => {
  const flags = command.filter((argument) => argument.startsWith("--allow"));
  assertEquals(flags, [
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=JSOCKD_BYTECODE_MODULE_PUBLIC_KEY,JSOCKD_LOG_PREFIX",
  ]);
});

Deno.test("embeddedServer() returns a command that works when the environment is empty", async () => {
  const { code, stdout, stderr } = await runToEnd(command, ["-v"], { cwd: "/" });
  assertEquals([code, stdout, stderr], [0, "jsockd 0.0.139", ""]);
});

Deno.test("embeddedServer() works when the program may only run Deno", async () => {
  const program = new URL("./start_with_least.ts", import.meta.url).href;
  const flags = ["--quiet", "--no-prompt", "--no-lock", `--allow-run=${Deno.execPath()}`];
  const { code, stdout, stderr } = await runDeno(["run", ...flags, program]);
  assertEquals([code, stdout, stderr], [0, "jsockd 0.0.139", ""]);
});
