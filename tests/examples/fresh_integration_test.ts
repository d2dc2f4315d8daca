import { assertStringIncludes } from "@std/assert";
import { JSOCKD_VERSION } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { copyFreshExample } from "./fresh_copy.ts";

Deno.test("the Fresh example passes the type check in the files that do not import Fresh", async () => {
  await using copy = await copyFreshExample();
  await copy.deno(["check", "components", "islands", "jsockd", "page.tsx", "hydrate.tsx"]);
});

for (const { name, command: [executable], version } of servers) {
  if (version !== JSOCKD_VERSION) continue;

  Deno.test(`${name}: the Fresh example renders the island's HTML`, async () => {
    await using copy = await copyFreshExample();
    const env = { JSOCKD: name === "embedded" ? copy.path("embedded_jsockd") : executable };
    await copy.deno(["run", "-A", "jsockd/build.ts"], env);
    const page = await copy.deno(["run", "-A", "page.tsx", "<&>"], env);
    assertStringIncludes(page, `<div><button type="button">&lt;&amp;>: 3</button></div>`);
  });
}
