import { assert, assertEquals, assertMatch } from "@std/assert";
import { ReactServer } from "../examples/react_server.ts";
import { browserTest } from "./browser.ts";

/**
 * Text that would break out of HTML, an attribute, a script or a template that did not escape it.
 */
const HOSTILE = `"'</script></p><script>hacked=1</script><!--<script>\u2028\u2029` +
  "${hacked=1}<img src=x onerror=hacked=1>&lt;";

browserTest("the React example shows a page when JavaScript is disabled", async (browser) => {
  await using server = await ReactServer.start();
  const { page, errors } = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(server.url("/?visitor=Mary"));
  assertEquals(await page.textContent("p.lead"), "Hello Mary, take your time.");
  assertEquals(await page.locator("article").count(), 4);
  const button = page.getByRole("button");
  await button.click();
  assertEquals(await button.textContent(), "Helpful to Mary: 2");
  assertEquals(errors, []);
});

browserTest(
  "the React example keeps the server's elements when the island hydrates",
  async (browser) => {
    await using server = await ReactServer.start("--dev");
    const { page, errors } = await browser.newPage();
    const canLoad = Promise.withResolvers<void>();
    await page.route("**/client.js", async (route) => {
      await canLoad.promise;
      await route.continue();
    });
    await page.goto(server.url("/"), { waitUntil: "commit" });
    const button = page.getByRole("button");
    await button.evaluate((element) => Object.assign(element, { cameFromServer: true }));
    canLoad.resolve();
    await page.waitForLoadState("load");

    await button.click();
    await page.getByText("Helpful to stranger: 3").waitFor();
    await button.click();
    await page.getByText("Helpful to stranger: 4").waitFor();
    assertEquals(await button.evaluate((element) => "cameFromServer" in element), true);
    assertEquals(errors, []);
  },
);

browserTest(
  "the React example shows props as text when they contain markup and script",
  async (browser) => {
    await using server = await ReactServer.start("--dev");
    const { page, errors } = await browser.newPage();
    await page.goto(server.url(`/?visitor=${encodeURIComponent(HOSTILE)}`));
    const button = page.getByRole("button");
    assertEquals(await button.textContent(), `Helpful to ${HOSTILE}: 2`);
    await button.click();
    await page.getByText(/: 3$/).waitFor();
    assertEquals(await button.textContent(), `Helpful to ${HOSTILE}: 3`);
    assertEquals(await page.textContent("p.lead"), `Hello ${HOSTILE}, take your time.`);
    assertEquals(await page.evaluate("typeof hacked"), "undefined");
    assertEquals(await page.locator("script, img").count(), 1);
    assertEquals(errors, []);
  },
);

browserTest("the React example shows a stack trace only when --dev is given", async (browser) => {
  for (const args of [["--dev"], []]) {
    await using server = await ReactServer.start(...args);
    const { page } = await browser.newPage();
    const response = await page.goto(server.url("/broken"));
    assertEquals(response?.status(), 500);
    assertEquals(await page.textContent("h1"), "Something went wrong");
    const traces = await page.locator("pre").allTextContents();
    assertEquals(traces.length, args.length);
    for (const trace of traces) {
      assertMatch(trace, /The receipt is lost\n +at Receipt \(.*Broken\.tsx:14:\d+\)/);
    }
  }
});

browserTest(
  "the React example responds with 504 and serves other pages when one takes too long",
  async (browser) => {
    await using server = await ReactServer.start();
    const [endless, other] = [await browser.newPage(), await browser.newPage()];
    const response = endless.page.goto(server.url("/endless"));
    await other.page.goto(server.url("/"));
    assertEquals(await other.page.textContent("h1"), "Books worth reading twice");
    assertEquals((await response)?.status(), 504);
    assertEquals(await endless.page.textContent("h1"), "This page took too long");
    await endless.page.getByRole("link", { name: "Back to the books" }).click();
    await endless.page.getByRole("button", { name: "Helpful to stranger: 2" }).waitFor();
  },
);

browserTest("the React example shows a slow page part by part", async (browser) => {
  await using server = await ReactServer.start();
  const { page, errors } = await browser.newPage();
  // Notes each placeholder, however soon it is replaced.
  await page.addInitScript(`
    globalThis.placeholders = 0;
    new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) if (node.role === "status") placeholders++;
      }
    }).observe(document, { childList: true, subtree: true });
  `);
  await page.goto(server.url("/slow"), { waitUntil: "commit" });
  const part = (title: string) => page.locator("section", { hasText: title });
  const archive = part("From the archive");
  await part("In the stockroom").getByText("This part could not be loaded.").waitFor();
  await part("Today’s pick").getByText("Mary Shelley").waitFor();
  await archive.getByText("Villette, 1853").waitFor();
  assertEquals(await page.evaluate("placeholders"), 3);
  assertEquals(await page.getByRole("status").count(), 0);
  await page.waitForLoadState("load");
  const footer = await page.textContent("footer");
  const [, first, all] = /^Rendered on V8First byte after (\d+) ms, all after (\d+) ms$/
    .exec(footer!)!;
  assert(Number(first) < Number(all), footer!);
  assertEquals(errors, []);
});

browserTest("the React example fits a telephone, in light and in dark", async (browser) => {
  await using server = await ReactServer.start();
  const { page } = await browser.newPage();
  await page.setViewportSize({ width: 360, height: 640 });
  const backgrounds = new Set<unknown>();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of [`/?visitor=${"x".repeat(100)}`, "/slow", "/broken"]) {
      await page.goto(server.url(path));
      assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360, path);
    }
    backgrounds.add(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
  }
  assertEquals(backgrounds.size, 2);
});
