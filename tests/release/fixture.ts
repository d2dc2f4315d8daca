import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { installJSockD, JSockDClientError, type JSockDErrorCode } from "../../mod.ts";
import type { InstallOptions } from "../../src/release/options.ts";
import { namesIn } from "../support/files.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { releasedName } from "./archives.ts";
import { ReleaseServer } from "./release_server.ts";

/** A release server, and a cache that is empty. */
export class Fixture implements AsyncDisposable {
  readonly server: ReleaseServer;
  /** The cache's folder, which is not there yet. */
  readonly cacheDir: string;
  readonly #cleanUp: AsyncDisposableStack;

  private constructor(server: ReleaseServer, folder: TempFolder, cleanUp: AsyncDisposableStack) {
    this.server = server;
    this.cacheDir = join(folder.path, "cache");
    this.#cleanUp = cleanUp;
  }

  /** Starts it. */
  static async start(): Promise<Fixture> {
    await using cleanUp = new AsyncDisposableStack();
    const folder = cleanUp.use(await TempFolder.make());
    const server = cleanUp.use(await ReleaseServer.start());
    return new Fixture(server, folder, cleanUp.move());
  }

  /** The options that make downloads come from this server, to this cache. */
  get options(): { baseUrl: string; publicKey: string; cacheDir: string } {
    return { ...this.server.options, cacheDir: this.cacheDir };
  }

  /** The path that a file of the release has in the cache. */
  cached(file: string): string {
    return join(this.cacheDir, releasedName, file);
  }

  /** Installs the release. */
  async install(options: InstallOptions = {}): Promise<string> {
    return await installJSockD({ ...this.options, ...options });
  }

  /** Tries to install the release, which must fail and leave nothing behind. */
  async assertNotInstalled(
    code: JSockDErrorCode,
    message: string,
    options: InstallOptions = {},
  ): Promise<void> {
    const error = await assertRejects(() => this.install(options), JSockDClientError, message);
    assertEquals(error.code, code, error.message);
    this.assertEmpty();
  }

  /** Fails if anything is in the cache. */
  assertEmpty(): void {
    assertEquals(namesIn(this.cacheDir), []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}
