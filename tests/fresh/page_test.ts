import { assertEquals } from "@std/assert";
import { Page } from "../../src/fresh/page.ts";

const OPEN = "<!--frsh:island:Counter:0:-->";
const CLOSE = "<!--/frsh:island-->";

Deno.test("an island's HTML replaces its fallback, between the markers of Fresh", async () => {
  const page = new Page();
  const id = page.add(Promise.resolve("<b>$&</b>"));
  const html = `<p>${OPEN}<!--${id}-->wait<!--/${id}-->${CLOSE}</p>`;
  assertEquals(await page.fill(html), `<p>${OPEN}<b>$&</b>${CLOSE}</p>`);
});

Deno.test("an island that failed keeps its fallback, and is not hydrated", async () => {
  const page = new Page();
  const id = page.add(Promise.resolve(undefined));
  const second = page.add(Promise.resolve("second"));
  const html =
    `${OPEN}<!--${id}--><i>sorry</i><!--/${id}-->${CLOSE}${OPEN}<!--${second}--><!--/${second}-->${CLOSE}`;
  assertEquals(await page.fill(html), `<i>sorry</i>${OPEN}second${CLOSE}`);
});
