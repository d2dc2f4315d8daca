// A test runs this program with only the permission to run Deno.
import { embeddedServer } from "../../src/embedded/mod.ts";

const [executable, ...args] = embeddedServer() as readonly [string, ...string[]];
const child = new Deno.Command(executable, { args: [...args, "-v"], stdout: "inherit" }).spawn();
Deno.exit((await child.status).code);
