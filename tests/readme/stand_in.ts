/**
 * Stands in for the package that the README's programs import. It downloads from a release server
 * on this machine, and starts the embedded server, without a sandbox, for the README's path of a
 * jsockd.
 */
import {
  type AutoDownloadOptions,
  initJSockDClient as init,
  initJSockDClientViaAutoDownload as initViaAutoDownload,
  type JSockDClient,
  type JSockDConfig,
  type ServerCommand,
} from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";

export * from "../../mod.ts";

const RELEASES: AutoDownloadOptions = JSON.parse(Deno.env.get("RELEASES")!);

export function initJSockDClientViaAutoDownload(
  config?: Partial<JSockDConfig>,
): Promise<JSockDClient> {
  return initViaAutoDownload(config, RELEASES);
}

export function initJSockDClient(
  config: Partial<JSockDConfig>,
  server: ServerCommand,
): Promise<JSockDClient> {
  return init(config, server === "/usr/local/bin/jsockd" ? embeddedServer() : server);
}

export function sandboxedServer(server: ServerCommand): ServerCommand {
  return server;
}
