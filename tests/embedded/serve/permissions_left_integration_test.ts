import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { embeddedServer } from "../../../src/embedded/mod.ts";
import { exists } from "../../support/files.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { Inspector } from "./inspector.ts";

/** What code that has broken out of the engine would try, in the server's own process. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  "read a file": "Deno.readTextFile('/etc/hostname')",
  "read a folder": "Array.fromAsync(Deno.readDir('/'))",
  "import a file": "import('file:///etc/hostname.ts')",
  "write a file": "Deno.writeTextFile('/tmp/jsockd_broke_out', '')",
  "remove a file": "Deno.remove('/tmp/jsockd_not_there')",
  "start a program": "Promise.resolve().then(() => new Deno.Command('id').output())",
  "connect to a host": "Deno.connect({ port: 80 })",
  "fetch": "fetch('http://127.0.0.1:9')",
  "listen": "Promise.resolve().then(() => Deno.listen({ port: 0 }))",
  "read the environment": "Promise.resolve().then(() => Deno.env.toObject())",
  "read the system's name": "Promise.resolve().then(() => Deno.hostname())",
  "load a library": "Promise.resolve().then(() => Deno.dlopen('libc.so.6', {}))",
  "send a signal": "Promise.resolve().then(() => Deno.kill(1, 'SIGCONT'))",
  "get permissions back": "Deno.permissions.request({ name: 'write' }).then(({ state }) => {" +
    "if (state !== 'granted') throw new Deno.errors.NotCapable(); })",
  "start a worker with more": "new Promise((resolve, reject) => { const worker = new Worker(" +
    "'data:text/javascript,', { type: 'module', deno: { permissions: { write: true } } });" +
    "worker.onerror = (event) => { event.preventDefault(); reject(new Deno.errors.NotCapable()); };" +
    "setTimeout(resolve, 2000); })",
};

for (const engine of ["quickjs", "v8"] as const) {
  Deno.test(`an embedded server on ${engine} can only remove its sockets once it is ready`, async (t) => {
    await using folder = await TempFolder.make();
    const socket = join(folder.path, "0.sock");
    // Without --quiet, Deno prints the debugger's address.
    const [executable, ...args] = [embeddedServer({ engine })].flat()
      .map((word) => word === "--quiet" ? "--inspect=127.0.0.1:0" : word);
    const server = new Deno.Command(executable!, {
      args: [...args, "-s", socket],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const errors = server.stderr.pipeThrough(new TextDecoderStream());
    let url: string | undefined;
    for await (const text of errors.values({ preventCancel: true })) {
      url = /ws:\/\/\S+/.exec(text)?.[0];
      if (url !== undefined) break;
    }
    const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assert((await output.read()).value?.startsWith("READY"));

    {
      using inspector = await Inspector.connect(url!);
      for (const [name, attempt] of Object.entries(ATTEMPTS)) {
        await t.step(`it cannot ${name}`, async () => {
          const expression = `${attempt}.then(() => "it could", (error) => error.name)`;
          const outcome = await inspector.evaluate(expression);
          const mayRead = engine === "v8" && name.startsWith("read a");
          if (mayRead) assertEquals(outcome, "it could", "V8 needs it to start its spare workers");
          else assert(["NotCapable", "TypeError"].includes(String(outcome)), String(outcome));
        });
      }
    }
    assertEquals(exists(socket), true);
    server.kill("SIGTERM");
    for await (const _ of errors);
    await output.read();
    assertEquals((await server.status).code, 0);
    assertEquals([exists(socket), exists(dirname(socket))], [false, true]);
  });
}
