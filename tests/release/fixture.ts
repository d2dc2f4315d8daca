import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { installJSockD, JSockDClientError, type JSockDErrorCode } from "../../mod.ts";
import type { InstallOptions } from "../../src/release/options.ts";
import { namesIn } from "../support/files.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { releasedName } from "./archives.ts";
import { ReleaseServer } from "./release_server.ts";

/** A release server and an empty cache. */
export class Fixture implements AsyncDisposable {
  readonly server: ReleaseServer;
  /** The cache folder. It does not exist until something is installed. */
  readonly cacheDir: string;
  readonly #cleanUp: AsyncDisposableStack;

  private constructor(server: ReleaseServer, folder: TempFolder, cleanUp: AsyncDisposableStack) {
    this.server = server;
    this.cacheDir = join(folder.path, "cache");
    this.#cleanUp = cleanUp;
  }

  /** Starts the release server. */
  static async start(): Promise<Fixture> {
    await using cleanUp = new AsyncDisposableStack();
    const folder = cleanUp.use(await TempFolder.make());
    const server = cleanUp.use(await ReleaseServer.start());
    return new Fixture(server, folder, cleanUp.move());
  }

  /** The options that download from this server to this cache. */
  get options(): { baseUrl: string; publicKey: string; cacheDir: string } {
    return { ...this.server.options, cacheDir: this.cacheDir };
  }

  /** Returns the path of a file of the release in the cache. */
  cached(file: string): string {
    return join(this.cacheDir, releasedName, file);
  }

  /** Installs the release. */
  async install(options: InstallOptions = {}): Promise<string> {
    return await installJSockD({ ...this.options, ...options });
  }

  /** Asserts that installing the release fails and leaves nothing behind. */
  async assertNotInstalled(
    code: JSockDErrorCode,
    message: string,
    options: InstallOptions = {},
  ): Promise<void> {
    const error = await assertRejects(() => this.install(options), JSockDClientError, message);
    assertEquals(error.code, code, error.message);
    this.assertEmpty();
  }

  /** Asserts that the cache is empty. */
  assertEmpty(): void {
    assertEquals(namesIn(this.cacheDir), []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}
