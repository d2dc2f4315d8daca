import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { JSockDJSException } from "../../mod.ts";
import { buildModule } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { start } from "./project.ts";

const entry = fromFileUrl(new URL("./fixtures/react_page.tsx", import.meta.url));

for (const server of servers) {
  for (const minify of [false, true]) {
    const how = minify ? "minified" : "not minified";
    Deno.test(`${server.name}: a module renders React when it is ${how}`, async (t) => {
      await using folder = await TempFolder.make();
      const options = { entry, outDir: folder.path, jsockdExec: server.command, minify };
      await using client = await start(server, await buildModule(options));

      await t.step("to a string", async () => {
        assertEquals(
          await client.run("(module, name) => module.greet(name)", "</p>"),
          `<p title="&lt;&lt;/p&gt;&gt;">Hello <!-- -->&lt;/p&gt;</p>`,
        );
      });

      for (const name of ["stream", "streamOnEdge"]) {
        await t.step(`to a stream, by ${name}()`, async () => {
          const html = await client.run<string>(`(module) => module.${name}()`);
          assertStringIncludes(html, "<b>late</b>");
        });
      }

      await t.step("by prerender()", async () => {
        const html = await client.run<string>("(module) => module.render()");
        assertMatch(html, /^<main>.*<b>late<\/b>.*<\/main>$/);
      });

      await t.step("and maps the stack trace of a component that throws", async () => {
        const error = await assertRejects(
          () => client.run("(module) => module.fail()"),
          JSockDJSException,
          "Error: broken",
        );
        const own = error.trace.flatMap(({ mapped }) =>
          mapped?.source === entry ? mapped.line : []
        );
        assertEquals(own, [25, 29]);
      });
    });
  }
}
