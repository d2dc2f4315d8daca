import { join } from "@std/path";
import { type Browser as Chromium, chromium, type Page } from "playwright-core";
import { TempFolder } from "../support/temp_folder.ts";

/** Where Debian's package puts it, if the environment variable CHROMIUM names no other. */
const EXECUTABLE = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // It talks to this machine and to nobody else.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** A page, and what there was to complain about in it. */
export interface OpenPage {
  readonly page: Page;
  /** The console's errors and warnings, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
}

/** A headless browser with a fresh profile, which goes with it. */
export class Browser implements AsyncDisposable {
  readonly #chromium: Chromium;
  readonly #home: TempFolder;

  private constructor(chromium: Chromium, home: TempFolder) {
    this.#chromium = chromium;
    this.#home = home;
  }

  /** Starts one. */
  static async launch(): Promise<Browser> {
    await using stack = new AsyncDisposableStack();
    const home = stack.use(await TempFolder.make());
    const browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: ARGS,
      chromiumSandbox: false,
      env: { ...Deno.env.toObject(), HOME: home.path, TMPDIR: home.path },
    });
    stack.move();
    return new Browser(browser, home);
  }

  /** Makes an empty page that shares nothing with the others. */
  async newPage(options: { javaScriptEnabled?: boolean } = {}): Promise<OpenPage> {
    const page = await this.#chromium.newPage(options);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    return { page, complaints };
  }

  /** Saves what each page shows, in the folder that SCREENSHOTS names, or in a new one that stays. */
  async saveScreenshots(name: string): Promise<void> {
    const pages = this.#chromium.contexts().flatMap((context) => context.pages());
    if (pages.length === 0) return;
    const folder = Deno.env.get("SCREENSHOTS") ??
      await Deno.makeTempDir({ prefix: "jsd_screenshots_" });
    for (const [index, page] of pages.entries()) {
      const path = join(folder, `${name.replaceAll(/\W+/g, "_")}_${index}.png`);
      await page.screenshot({ path });
      console.error(`Screenshot: ${path}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chromium.close();
    await this.#home[Symbol.asyncDispose]();
  }
}

/**
 * Registers a test that has a browser. Where there is no browser it is ignored, unless CI is set.
 * When it fails, a screenshot shows how far it came.
 */
export function browserTest(name: string, test: (browser: Browser) => Promise<void>): void {
  const ignore = !Deno.env.has("CI") && !isFile(EXECUTABLE);
  Deno.test({
    name: ignore ? `${name}: there is no ${EXECUTABLE}, and CHROMIUM names no other` : name,
    ignore,
    fn: async () => {
      await using browser = await Browser.launch();
      try {
        await test(browser);
      } catch (error) {
        await browser.saveScreenshots(name);
        throw error;
      }
    },
  });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
