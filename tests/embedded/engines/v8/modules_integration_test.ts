import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runToEnd } from "../../../support/run_to_end.ts";
import { TempFolder } from "../../../support/temp_folder.ts";
import { V8_SERVER } from "./server.ts";

/** Modules that V8 cannot load, and the log message, which names the module and the line or advice. */
const REFUSED: readonly (readonly [what: string, source: string, log: RegExp])[] = [
  [
    "throws",
    "export const a = 1;\nthrow new Error('boom');\n",
    /Cannot load the module m\.mjs: Error: boom:\n.* at .*m\.mjs:2:7/,
  ],
  [
    "awaits a promise that never settles",
    "await new Promise(() => {});\n",
    /Cannot load the module m\.mjs: it awaits what never comes/,
  ],
  [
    "uses require",
    "\nconst fs = require('fs');\n",
    /m\.mjs: ReferenceError: require is not defined:\n.*m\.mjs:2:12[^]*'require' does not exist in JSockD, .*\n?.*Deno's nor Node's: pass what/,
  ],
  ["uses process", "export const x = process.env.X;\n", /'process' does not exist in JSockD/],
  ["uses Deno", "export const x = Deno.cwd();\n", /'Deno' does not exist in JSockD/],
  [
    "imports another module",
    "import fs from 'node:fs';\n",
    /m\.mjs: it imports 'node:fs', and there is nothing to import; build it with buildModule\(\)/,
  ],
];

for (const [what, source, log] of REFUSED) {
  Deno.test(`a V8 server does not start when its module ${what}`, async () => {
    const { code, stdout, stderr } = await serveModule(source);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr.replace(/^[*$] jsockd \S+ \[ERROR\] /gm, ""), log);
  });
}

Deno.test("a V8 server does not start when its module loops forever", async () => {
  const { code, stderr } = await serveModule("for (;;);\n");
  assertEquals(code, 1);
  assertMatch(stderr, /m\.mjs: its top level ran for more than 10000 ms; let it only define/);
});

Deno.test("-c names the line and the column when V8 does not compile the module", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(join(folder.path, "m.mjs"), "export const a = 1;\nexport const = 2;\n");
  const { code, stderr } = await runToEnd(V8_SERVER, ["-c", "m.mjs", "m.jsm"], {
    cwd: folder.path,
  });
  assertEquals(code, 1);
  assertMatch(stderr, /^Error: Cannot compile m\.mjs: SyntaxError: .*\n.*m\.mjs:2:14\)?\n$/);
});

/** Compiles and signs a module, and starts a server with it. */
async function serveModule(source: string) {
  await using folder = await TempFolder.make();
  const path = (name: string) => join(folder.path, name);
  await Deno.writeTextFile(path("m.mjs"), source);
  await runToEnd(V8_SERVER, ["-k", path("key")]);
  const compile = ["-c", "m.mjs", "m.jsm", "-pk", "key.privkey"];
  const compiled = await runToEnd(V8_SERVER, compile, { cwd: folder.path });
  // A module with an import is refused when it is compiled.
  if (compiled.code !== 0) return compiled;
  return await runToEnd(V8_SERVER, ["-m", path("m.jsm"), "-s", path("0.sock")], {
    env: { JSOCKD_BYTECODE_MODULE_PUBLIC_KEY: await Deno.readTextFile(path("key.pubkey")) },
  });
}
