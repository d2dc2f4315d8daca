import { join } from "@std/path";
import {
  type Browser as Chromium,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { TempFolder } from "../support/temp_folder.ts";

/** The browser: the environment variable CHROMIUM, or else the path of Debian's package. */
const EXECUTABLE = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Blocks connections to other machines.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** A page and its errors. */
export interface OpenPage {
  readonly page: Page;
  /** The errors and warnings on the console, and uncaught exceptions. */
  readonly errors: readonly string[];
}

/** A headless browser with a temporary profile. */
export class Browser implements AsyncDisposable {
  readonly #chromium: Chromium;
  readonly #home: TempFolder;

  private constructor(chromium: Chromium, home: TempFolder) {
    this.#chromium = chromium;
    this.#home = home;
  }

  /** Starts a browser. */
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

  /** Opens an empty page that shares nothing with other pages. */
  async newPage(options: BrowserContextOptions = {}): Promise<OpenPage> {
    const page = await this.#chromium.newPage(options);
    const errors: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    return { page, errors };
  }

  /** Saves a screenshot of each page in the folder SCREENSHOTS, or in a new one that is kept. */
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
 * Registers a test that gets a browser. Without a browser on this machine, the test is ignored,
 * unless CI is set. If it fails, it saves screenshots.
 */
export function browserTest(name: string, test: (browser: Browser) => Promise<void>): void {
  const ignore = !Deno.env.has("CI") && !isFile(EXECUTABLE);
  Deno.test({
    name: ignore ? `${name} (ignored: there is no ${EXECUTABLE}; set CHROMIUM)` : name,
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
