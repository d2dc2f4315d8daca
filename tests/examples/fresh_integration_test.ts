import { assertStringIncludes } from "@std/assert";
import { JSOCKD_VERSION } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { copyFreshExample } from "./fresh_copy.ts";
import type { ProjectCopy } from "./project_copy.ts";

Deno.test("the Fresh example passes the type check in the files that do not import Fresh", async () => {
  await using copy = await copyFreshExample();
  await copy.deno(["check", "components", "islands", "jsockd", "page.tsx", "hydrate.tsx"]);
});

Deno.test("the Fresh example renders the island's HTML on V8 when JSOCKD is not set", async () => {
  await using copy = await copyFreshExample();
  await assertRenders(copy, "");
});

for (const { name, command: [executable], version } of servers) {
  if (version !== JSOCKD_VERSION || name === "v8") continue;

  Deno.test(`${name}: the Fresh example renders the island's HTML when JSOCKD is set`, async () => {
    await using copy = await copyFreshExample();
    await assertRenders(copy, name === "embedded" ? copy.path("embedded_jsockd") : executable);
  });
}

async function assertRenders(copy: ProjectCopy, JSOCKD: string): Promise<void> {
  await copy.deno(["run", "-A", "jsockd/build.ts"], { JSOCKD });
  const page = await copy.deno(["run", "-A", "page.tsx", "<&>"], { JSOCKD });
  assertStringIncludes(page, `<div><button type="button">&lt;&amp;>: 3</button></div>`);
}
