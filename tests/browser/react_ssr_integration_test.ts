import { assertEquals, assertMatch } from "@std/assert";
import { ReactServer } from "../examples/react_server.ts";
import { browserTest } from "./browser.ts";

/** Ends whatever it may be written into, in HTML, in a script, in an attribute, in a template. */
const HOSTILE = `"'</script></p><script>hacked=1</script><!--<script>\u2028\u2029` +
  "${hacked=1}<img src=x onerror=hacked=1>&lt;";

browserTest("The React example shows a page without JavaScript", async (browser) => {
  await using server = await ReactServer.start();
  const { page, complaints } = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(server.url("/?visitor=Mary"));
  assertEquals(await page.textContent("p"), "Hello Mary");
  assertEquals(await page.locator("li").count(), 2);
  const button = page.getByRole("button");
  await button.click();
  assertEquals(await button.textContent(), "Helpful to Mary: 2");
  assertEquals(complaints, []);
});

browserTest("The React example's island comes alive where it is", async (browser) => {
  await using server = await ReactServer.start("--dev");
  const { page, complaints } = await browser.newPage();
  const arrived = Promise.withResolvers<void>();
  await page.route("**/client.js", async (route) => {
    await arrived.promise;
    await route.continue();
  });
  await page.goto(server.url("/"), { waitUntil: "commit" });
  const button = page.getByRole("button");
  await button.evaluate((element) => Object.assign(element, { cameFromServer: true }));
  arrived.resolve();
  await page.waitForLoadState("load");

  await button.click();
  await page.getByText("Helpful to stranger: 3").waitFor();
  await button.click();
  await page.getByText("Helpful to stranger: 4").waitFor();
  assertEquals(await button.evaluate((element) => "cameFromServer" in element), true);
  assertEquals(complaints, []);
});

browserTest("The React example shows hostile text as what it is: text", async (browser) => {
  await using server = await ReactServer.start("--dev");
  const { page, complaints } = await browser.newPage();
  await page.goto(server.url(`/?visitor=${encodeURIComponent(HOSTILE)}`));
  const button = page.getByRole("button");
  assertEquals(await button.textContent(), `Helpful to ${HOSTILE}: 2`);
  await button.click();
  await page.getByText(/: 3$/).waitFor();
  assertEquals(await button.textContent(), `Helpful to ${HOSTILE}: 3`);
  assertEquals(await page.textContent("p"), `Hello ${HOSTILE}`);
  assertEquals(await page.evaluate("typeof hacked"), "undefined");
  assertEquals(await page.locator("script, img").count(), 1);
  assertEquals(complaints, []);
});

browserTest("The React example says where an error is only in development", async (browser) => {
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

browserTest("The React example gives up on a page that takes too long", async (browser) => {
  await using server = await ReactServer.start();
  const { page } = await browser.newPage();
  const response = await page.goto(server.url("/endless"));
  assertEquals(response?.status(), 504);
  assertEquals(await page.textContent("body"), "This page took too long");
});
