import { assertEquals } from "@std/assert";
import { copyFreshExample } from "../examples/fresh_copy.ts";
import { browserTest } from "./browser.ts";

const LABEL = `"'</script><b>&lt;`;

browserTest(
  "the Fresh example keeps the server's elements when the island hydrates",
  async (browser) => {
    await using copy = await copyFreshExample();
    const env = { JSOCKD: "" };
    await copy.deno(["run", "-A", "jsockd/build.ts"], env);
    const html = await copy.deno(["run", "-A", "page.tsx", LABEL], env);
    const script = await copy.deno(["bundle", "--quiet", "--platform=browser", "hydrate.tsx"]);
    const canLoad = Promise.withResolvers<void>();
    const listen = { hostname: "localhost", port: 0, onListen() {} };
    await using http = Deno.serve(listen, async ({ url }) => {
      if (!url.endsWith("/hydrate.js")) return respond(html, "text/html");
      await canLoad.promise;
      return respond(script, "text/javascript");
    });

    const { page, errors } = await browser.newPage();
    await page.goto(`http://localhost:${http.addr.port}/`, { waitUntil: "commit" });
    const button = page.getByRole("button");
    await button.evaluate((element) => Object.assign(element, { cameFromServer: true }));
    canLoad.resolve();
    await page.waitForLoadState("load");

    assertEquals(await button.textContent(), `${LABEL}: 3`);
    await button.click();
    await page.getByText(`${LABEL}: 4`).waitFor();
    assertEquals(await button.evaluate((element) => "cameFromServer" in element), true);
    assertEquals(await page.locator("main > div > button").count(), 1);
    assertEquals(errors, []);
  },
);

function respond(text: string, type: string): Response {
  return new Response(text, { headers: { "content-type": `${type}; charset=utf-8` } });
}
