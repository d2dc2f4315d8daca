import type { JSockDConfig } from "../../mod.ts";
import { resolveConfig } from "../config/config.ts";
import { requirePermissions } from "../client/permissions.ts";
import { checkOptions } from "../release/options.ts";
import { defineCommand } from "./command.ts";
import { type Checks, diagnose } from "./diagnosis.ts";
import { downloadChecks } from "./doctor_download.ts";
import { toInstallOptions } from "./download_options.ts";
import { startClient, toConfig } from "./server.ts";
import {
  MODULE_OPTIONS,
  namedServer,
  SERVER_OPTIONS,
  type ServerValues,
} from "./server_options.ts";

/** The command `jsockd doctor`. */
export const command = defineCommand({
  description: "Checks whether a server can run here with the permissions of this program.\n" +
    "Prints a line for each check: ok, or FAIL and what to do. Exits with 1 if a\n" +
    "check fails.",
  operands: {},
  options: { ...SERVER_OPTIONS, ...MODULE_OPTIONS },

  async run(values, _operands, signal) {
    const config = {
      ...await toConfig(values, { nThreads: 1 }, signal),
      // Clients check the version by default, so the doctor does too.
      skipJSockDVersionCheck: false,
    };
    const hasPassed = await diagnose({
      // Cannot fail: a Deno that is too old is refused when this program is loaded.
      deno: () => `version ${Deno.version.deno}`,
      ...serverChecks(values, config),
      server: async () => {
        await using client = await startClient(values, config, signal);
        await client.run("(_, n) => n + 1", 41, { signal });
        return `version ${client.serverVersion} starts and answers`;
      },
    }, signal);
    return hasPassed ? 0 : 1;
  },
});

function serverChecks(values: ServerValues, config: Partial<JSockDConfig>): Checks {
  const resolved = resolveConfig(config);
  const server = namedServer(values);
  if (server === undefined) return downloadChecks(resolved, checkOptions(toInstallOptions(values)));
  return {
    platform: () => `${Deno.build.os} on ${Deno.build.arch}`,
    permissions: async () => {
      await requirePermissions(resolved, server);
      return "all granted";
    },
  };
}
