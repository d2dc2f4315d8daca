import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { startPlayground } from "../../src/playground/mod.ts";
import { servers } from "../conformance/servers.ts";
import { browserTest } from "./browser.ts";

const jsockd = servers.find(({ name }) => name.startsWith("jsockd"));

const OPTIONS = {
  port: 0,
  // A loaded machine may take long for the first page on a thread.
  maxCommandRuntimeUs: 5_000_000,
  ...jsockd !== undefined && { jsockdExec: jsockd.command },
};

/** Clicks a button that runs a program, and resolves to what the badge says at its end. */
async function badgeAfter(page: Page, button: string): Promise<string> {
  await page.getByRole("button", { name: button }).click();
  // It is hidden while a program runs.
  const badge = page.locator("#badge");
  page.setDefaultTimeout(120_000);
  await badge.waitFor();
  return (await badge.textContent())!;
}

function write(page: Page, code: string): Promise<void> {
  return page.locator(".cm-content").fill(code);
}

browserTest(
  "the playground shows how programs end, and stops those that do not",
  async (browser) => {
    await using playground = await startPlayground(OPTIONS);
    const { page, errors } = await browser.newPage();
    await page.goto(playground.url);
    const outcome = page.locator("#outcome");
    const names = await page.getByRole("radio").locator("xpath=..").allTextContents();
    assertEquals(names, ["V8", "QuickJS", ...jsockd === undefined ? [] : ["jsockd"]]);

    for (const name of names) {
      await page.getByLabel(name, { exact: true }).check();

      await page.getByLabel("Example").selectOption("A page in React");
      assertEquals(await badgeAfter(page, "Run"), `result · ${name}`);
      const preview = page.frameLocator("iframe");
      assertEquals(await preview.getByRole("heading").textContent(), "Hello Mary");
      assertEquals(await preview.getByRole("listitem").allTextContents(), ["Emma", "Persuasion"]);
      for (const id of ["#waited", "#ran"]) {
        assertMatch(
          (await page.textContent(id))!,
          /^[\d.]+ ms$/,
        );
      }
      await page.locator("#console li", { hasText: `${name}Rendering for Mary` }).first().waitFor();

      await page.getByLabel("Example").selectOption("A message to the client");
      assertEquals(await badgeAfter(page, "Run"), `result · ${name}`);
      assertMatch((await page.textContent("#value pre"))!, /"asked": "books\/7"/);

      await page.getByLabel("Example").selectOption("An exception");
      assertEquals(await badgeAfter(page, "Run"), `exception · ${name}`);
      assertEquals(await outcome.textContent(), "TypeError: Not a price: cheap");
      assertMatch((await page.textContent("#trace"))!, /toCentsline 8:\d+totalline 14:\d+\s*$/);
      await page.getByRole("button", { name: /^line 8:/ }).click();
      assertEquals(
        await page.evaluate("document.activeElement.className"),
        "cm-content cm-lineWrapping",
      );

      // A server that is too busy to stop the loop in time is replaced, which is an error.
      assertMatch(await badgeAfter(page, "Endless loop"), /^(exception|error) · /);
      assertMatch((await outcome.textContent())!, /interrupted|maxCommandRuntimeUs/);
    }

    await write(page, "export default () => {\n  const é = 1 2;\n};");
    await badgeAfter(page, "Run");
    assertMatch(
      (await page.textContent("#trace"))!,
      /Expected ";" but found "2"line 2:15\s*$/,
    );
    await page.locator(".cm-lintRange-error").waitFor();
    await write(page, "");
    await badgeAfter(page, "Run");
    assertEquals(await outcome.textContent(), "There is no code to run");
    await write(page, `export default () => "${"a".repeat(1_100_000)}"`);
    await badgeAfter(page, "Run");
    assertMatch((await outcome.textContent())!, /the limit is 1048575 \(INVALID_COMMAND\)$/);
    assertEquals(errors, []);
  },
);

browserTest("the playground's preview runs nothing and loads nothing", async (browser) => {
  const requested: string[] = [];
  await using site = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    requested.push(new URL(request.url).pathname);
    return new Response("loaded");
  });
  const url = `http://127.0.0.1:${site.addr.port}`;
  await using playground = await startPlayground(OPTIONS);
  const { page } = await browser.newPage();
  await page.goto(playground.url);
  await page.getByRole("radio").first().waitFor();
  await write(
    page,
    "export default () => `<h1>Hostile</h1><script>parent.hacked = 1</script>" +
      `<img src='${url}/img' onerror='parent.hacked = 1'>` +
      `<iframe src='${url}/iframe'></iframe>` +
      `<meta http-equiv='refresh' content='0; url=${url}/refresh'>` +
      `<form action='${url}/form'><button>Send</button></form>\`;`,
  );
  await badgeAfter(page, "Run");
  const preview = page.frameLocator("iframe");
  await preview.getByRole("heading").waitFor();
  await preview.getByRole("button").click();
  assertEquals(await page.locator("iframe").getAttribute("sandbox"), "");
  assertEquals(await preview.getByRole("heading").textContent(), "Hostile");
  assertEquals(await page.evaluate("typeof hacked"), "undefined");

  // The browser can reach the site.
  await (await browser.newPage()).page.goto(`${url}/page`);
  assertEquals(requested.filter((path) => path !== "/favicon.ico"), ["/page"]);
});

browserTest(
  "the playground goes on when a server takes too much memory or is killed",
  async (browser) => {
    await using playground = await startPlayground(OPTIONS);
    const { page, errors } = await browser.newPage();
    await page.goto(playground.url);

    for (const name of ["V8", "QuickJS"]) {
      await page.getByLabel(name, { exact: true }).check();
      assertMatch(
        await badgeAfter(page, "Memory bomb"),
        new RegExp(`^(exception|error) · ${name}$`),
      );
      await page.getByLabel("Example").selectOption("A rule in JavaScript");
      assertEquals(await badgeAfter(page, "Run"), `result · ${name}`);
    }

    await page.getByLabel("V8", { exact: true }).check();
    const restarts = page.locator("tbody tr", { hasText: "Restarts" }).locator(".number").first();
    const throughput = page.locator("tbody tr", { hasText: "Throughput" }).locator(".number");
    const before = Number.parseInt((await restarts.textContent())!);
    await page.getByRole("button", { name: "Kill under load" }).click();
    await page.locator("#console .SERVER", { hasText: "ended with signal SIGKILL" }).waitFor();
    await waitFor(async () => Number.parseInt((await restarts.textContent())!) > before);
    await waitFor(async () =>
      (await throughput.allTextContents()).every((text) => /[1-9]/.test(text))
    );
    assertEquals(await page.getByLabel("Load on each server").inputValue(), "16");

    // The charts are drawn: some of their pixels are.
    const drawn = await page.locator(".chart canvas").evaluateAll((charts) =>
      charts.map((chart) => {
        const { width, height } = chart as unknown as { width: number; height: number };
        // deno-lint-ignore no-explicit-any -- the browser's types are not loaded here
        const { data } = (chart as any).getContext("2d").getImageData(0, 0, width, height);
        return data.some((value: number) => value > 0);
      })
    );
    assertEquals(drawn.length, 5 * (await page.getByRole("radio").count()));
    assert(drawn[0], "Expected a line in the chart of V8's throughput");
    await page.getByLabel("Load on each server").selectOption("none");
    assertEquals(errors, []);
  },
);

browserTest(
  "the playground fits a telephone, and is dark where the user wants it dark",
  async (browser) => {
    await using playground = await startPlayground(OPTIONS);
    const { page, errors } = await browser.newPage({
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
      colorScheme: "dark",
    });
    await page.goto(playground.url);
    await page.getByRole("radio").first().waitFor();
    await page.locator("#run").tap();
    await page.frameLocator("iframe").getByText("Hello Mary").waitFor();
    await page.locator("td .number", { hasText: /\d/ }).first().waitFor();
    assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360);
    const brightness = (css: string) => Math.max(...css.match(/\d+/g)!.slice(0, 3).map(Number));
    const background = await page.evaluate<string>(
      "getComputedStyle(document.body).backgroundColor",
    );
    assert(brightness(background) < 60, `Expected a dark background, got ${background}`);
    assertEquals(errors, []);
  },
);

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!await condition()) {
    if (performance.now() > end) throw new Error(`Cannot wait longer for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
