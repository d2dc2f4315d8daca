import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  initJSockDClient,
  type JSockDClient,
  type JSockDConfig,
  type RunOptions,
} from "../../mod.ts";
import { quiet } from "../support/quiet.ts";
import { TempFolder } from "../support/temp_folder.ts";
import type { CommandFault } from "./hostile_commands.ts";
import type { ServerFault } from "./hostile_server.ts";
import { isRunning } from "../support/processes.ts";

/** A fault that a server has in all of its runs, or only in one of them, counted from 1. */
export type Fault = ServerFault | `${ServerFault}@${number}`;

const program = fromFileUrl(new URL("./hostile_server.ts", import.meta.url));

/**
 * A client of a hostile server. Its disposal closes the client, and asserts that no process of the
 * server is left.
 */
export class HostileServer implements AsyncDisposable {
  readonly #folder: TempFolder;
  #client!: JSockDClient;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** Starts a server with faults. It has one thread unless the configuration says otherwise. */
  static async start(
    config: Partial<JSockDConfig> = {},
    ...faults: Fault[]
  ): Promise<HostileServer> {
    await using cleanUp = new AsyncDisposableStack();
    const hostile = cleanUp.use(new HostileServer(await TempFolder.make()));
    hostile.#client = await initJSockDClient(
      quiet({
        nThreads: 1,
        jsockdVersion: "hostile",
        // Deno finds its cache through environment variables.
        env: Deno.env.toObject(),
        ...config,
      }),
      [Deno.execPath(), "run", "--quiet", "-A", program, hostile.#folder.path, ...faults],
    );
    cleanUp.move();
    return hostile;
  }

  /** The client, which may be closed. */
  get client(): JSockDClient {
    return this.#client;
  }

  /** The IDs of all processes of the server so far. */
  get pids(): number[] {
    return Array.from(Deno.readDirSync(this.#folder.path), (entry) => Number(entry.name));
  }

  /** Runs a command with a fault. Without a parameter, the server answers it correctly. */
  run<R>(fault: CommandFault, param?: unknown, options?: RunOptions): Promise<R> {
    return this.#client.run<R>(fault, param, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.close();
    const left = this.pids.filter(isRunning);
    await this.#folder[Symbol.asyncDispose]();
    assertEquals(left, [], "Processes are left");
  }
}
