import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { JSockDJSException } from "../../mod.ts";
import { buildModule } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { TempFolder } from "../support/temp_folder.ts";
import type * as Page from "./fixtures/streamed_page.tsx";
import { start } from "./project.ts";

const entry = fromFileUrl(new URL("./fixtures/streamed_page.tsx", import.meta.url));

for (const server of servers) {
  Deno.test(`${server.name}: renderToStream() streams a page of React`, async (t) => {
    await using folder = await TempFolder.make();
    const options = { entry, outDir: folder.path, jsockdExec: server.command };
    await using client = await start(server, await buildModule(options));
    await client.reload({ maxCommandRuntimeUs: 20_000_000 });
    const pages = client.withModule<typeof Page>();
    const render = (
      title: string,
      parts: string[],
      messageHandler: (part: string) => Promise<string>,
    ) =>
      pages.renderToStream(
        (module, props, ask) => module.page(props, ask),
        { title, parts },
        messageHandler,
      );

    await t.step("each part when its data is there", async () => {
      const data = new Map(["a", "b", "c"].map((part) => [part, Promise.withResolvers<string>()]));
      const stream = await render("é😀 <", [...data.keys()], (part) => data.get(part)!.promise);
      const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
      let html = "";
      const readUntil = async (text: string) => {
        while (!html.includes(text)) {
          const { value, done } = await reader.read();
          assert(!done, `Expected ${text} in ${html}`);
          html += value;
        }
      };
      await readUntil("<i>c …</i>");
      assertMatch(html, /^<main><h1>é😀 &lt;<\/h1>.*<i>a …<\/i>.*<i>b …<\/i>.*<i>c …<\/i>/);
      for (const part of ["b", "c", "a"]) {
        assertEquals(html.includes(`<p>${part}: é`), false);
        data.get(part)!.resolve(`${part}: é`);
        await readUntil(`<p>${part}: é</p>`);
      }
      while (!(await reader.read()).done);
    });

    await t.step("with a part whose data cannot be loaded", async () => {
      const stream = await render("Title", ["a", "b"], (part) => {
        return part === "a" ? Promise.reject(new Error("secret")) : Promise.resolve("fine");
      });
      const html = await new Response(stream).text();
      assertMatch(html, /<i>a …<\/i>.*<p>fine<\/p>/);
      assertMatch(html, /"a part failed"|data-dgst="a part failed"/);
      assertEquals(html.includes("secret"), false);
    });

    await t.step("or rejects when the page itself throws", async () => {
      const error = await assertRejects(
        () => render("", [], () => Promise.resolve("")),
        JSockDJSException,
        "There is no title",
      );
      assert(error.trace.some(({ mapped }) => mapped?.source === entry && mapped.line === 26));
    });
  });
}
