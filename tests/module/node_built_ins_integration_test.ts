import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { buildModule } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { results } from "./fixtures/node_built_ins.ts";
import { Project, start } from "./project.ts";

const entry = fromFileUrl(new URL("./fixtures/node_built_ins.ts", import.meta.url));
const expected = await results();

const PROJECT = {
  "deno.json": `{ "nodeModulesDir": "manual" }`,
  "package.json": `{ "dependencies": { "guarded": "*", "replacing": "*" } }`,
  "node_modules/guarded/package.json": `{ "name": "guarded", "version": "1.0.0" }`,
  "node_modules/guarded/index.js": `
let fs;
try { fs = require("fs"); } catch {}
const EventEmitter = require("events");
function Old() { EventEmitter.call(this); }
require("util").inherits(Old, EventEmitter);
class Source extends require("stream").Readable {}
exports.join = require("path").join;
exports.known = [typeof fs.existsSync, typeof fs.exists.Sync, fs.constants.F_OK,
  require("http").STATUS_CODES[404], typeof require("crypto").webcrypto];
exports.read = () => fs.promises.readFile("page.html");
exports.open = () => new Source();
exports.count = () => new Old().on("x", () => {}).listenerCount("x");`,
  "node_modules/replacing/package.json": `{
  "name": "replacing", "version": "1.0.0", "browser": { "fs": false, "net": "./net.js" } }`,
  "node_modules/replacing/index.js":
    `module.exports = [Object.keys(require("fs")), require("net"), require("zlib")];`,
  "node_modules/replacing/net.js": `module.exports = "a net of its own";`,
  "node_modules/replacing/node_modules/zlib/package.json": `{ "name": "zlib" }`,
  "node_modules/replacing/node_modules/zlib/index.js": `module.exports = "a package";`,
  "main.ts": `import guarded from "guarded";
import replacing from "replacing";
import { connect } from "node:net";
import { inner } from "./lib/inner.ts";
const messageOf = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
};
export const result = async () => ({
  guarded: [guarded.join("a", "../b"), guarded.count(), ...guarded.known],
  replacing,
  errors: [guarded.read, guarded.open, inner, () => connect(80)].map(messageOf),
  late: typeof (await import("node:child_process")).spawn,
});`,
  "lib/inner.ts": `import fs from "fs"; export const inner = () => fs.statSync("x");`,
};

function errorFor(callee: string, name: string, importer: string): string {
  return `Cannot call ${callee}(): JSockD does not have '${name}' of Node.js, which is imported ` +
    `by ${importer}; do this in your program, and pass the result as the parameter`;
}

for (const server of servers) {
  Deno.test(`${server.name}: built-in modules of Node.js that need no machine work as in Deno`, async () => {
    await using folder = await TempFolder.make();
    const jsockdExec = server.command;
    const built = await buildModule({ entry, outDir: folder.path, jsockdExec, minify: true });
    await using client = await start(server, built);
    assertEquals(await client.run("(module) => module.results()"), expected);
  });

  Deno.test(`${server.name}: built-in modules of Node.js that need a machine throw when they are called`, async () => {
    await using project = await Project.make(PROJECT);
    await using client = await start(server, await project.build(server));
    assertEquals(await client.run("(module) => module.result()"), {
      guarded: ["b", 1, "function", "undefined", 0, "Not Found", "object"],
      replacing: [[], "a net of its own", "a package"],
      errors: [
        errorFor("fs.promises.readFile", "fs", "guarded/index.js"),
        errorFor("stream.Readable", "stream", "guarded/index.js"),
        errorFor("fs.statSync", "fs", "lib/inner.ts"),
        errorFor("net.connect", "net", "main.ts"),
      ],
      late: "function",
    });
  });
}
