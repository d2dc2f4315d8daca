// Run by a test with the permission to run Deno, and no other.
import { embeddedServer } from "../../src/embedded/mod.ts";

const [executable, ...args] = embeddedServer() as readonly [string, ...string[]];
const child = new Deno.Command(executable, { args: [...args, "-v"], stdout: "inherit" }).spawn();
Deno.exit((await child.status).code);
