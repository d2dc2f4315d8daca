// A test runs this program with exactly the permissions that buildModule() documents.
import { embeddedServer } from "../../src/embedded/mod.ts";
import { buildModule } from "../../src/module/mod.ts";

const [entry, outDir] = Deno.args as [string, string];
console.log(JSON.stringify(await buildModule({ entry, outDir, jsockdExec: embeddedServer() })));
