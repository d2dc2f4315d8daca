import { assertEquals, assertMatch } from "@std/assert";
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
  assertEquals(await page.textContent("p"), "Hello Mary");
  assertEquals(await page.locator("li").count(), 2);
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
    assertEquals(await page.textContent("p"), `Hello ${HOSTILE}`);
    assertEquals(await page.evaluate("typeof hacked"), "undefined");
    assertEquals(await page.locator("script, img").count(), 1);
    assertEquals(errors, []);
  },
);

browserTest("the React example shows a stack trace only when --dev is given", async (browser) => {
  for (
    const [args, pattern] of [
      [
        ["--dev"],
        /^Something went wrong\n\n.*The receipt is lost\n +at Receipt \(.*Broken\.tsx:14:\d+\)/,
      ],
      [[], /^Something went wrong$/],
    ] as const
  ) {
    await using server = await ReactServer.start(...args);
    const { page } = await browser.newPage();
    const response = await page.goto(server.url("/broken"));
    assertEquals(response?.status(), 500);
    assertMatch((await page.textContent("body"))!, pattern);
  }
});

browserTest("the React example responds with 504 when a page takes too long", async (browser) => {
  await using server = await ReactServer.start();
  const { page } = await browser.newPage();
  const response = await page.goto(server.url("/endless"));
  assertEquals(response?.status(), 504);
  assertEquals(await page.textContent("body"), "This page took too long");
});
