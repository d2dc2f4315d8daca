import { assertEquals } from "@std/assert";
import { copyExample, RunningExample } from "../fresh/example_copy.ts";
import { browserTest } from "./browser.ts";

browserTest(
  "the island of the Fresh example keeps the server's element, and counts clicks",
  async (browser) => {
    await using copy = await copyExample();
    await using example = await RunningExample.start(copy, ["run", "-A", "dev.ts"]);
    const { page, errors } = await browser.newPage();
    const canLoad = Promise.withResolvers<void>();
    await page.route("**/hydrate.js", async (route) => {
      await canLoad.promise;
      await route.continue();
    });
    await page.goto(example.url, { waitUntil: "commit" });
    const button = page.getByRole("button");
    await button.evaluate((element) => Object.assign(element, { cameFromServer: true }));
    canLoad.resolve();
    await page.waitForLoadState("load");

    assertEquals(await button.textContent(), "Clicks: 3");
    await button.click();
    await page.getByText("Clicks: 4").waitFor();
    assertEquals(await button.evaluate((element) => "cameFromServer" in element), true);
    assertEquals(await page.locator("main button").count(), 1);
    assertEquals(errors, []);
  },
);
