import { initJSockDClient, type JSockDClient, type JSockDConfig } from "../../mod.ts";
import { quiet } from "./quiet.ts";
import type { TestServer } from "../conformance/servers.ts";

/**
 * Starts a client of a server of any version. It has one thread unless the configuration says
 * otherwise.
 */
export function startClient(
  { command }: TestServer,
  config: Partial<JSockDConfig> = {},
): Promise<JSockDClient> {
  return initJSockDClient(
    quiet({ nThreads: 1, skipJSockDVersionCheck: true, ...config }),
    command,
  );
}
