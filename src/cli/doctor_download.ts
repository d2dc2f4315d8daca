import type { InstallOptions, JSockDConfig } from "../../mod.ts";
import { JSockDClientError } from "../common/errors.ts";
import { startPurpose } from "../client/permissions.ts";
import { releaseName } from "../release/platform.ts";
import { inspect, type Inspection } from "../release/prepare.ts";
import type { Checks } from "./diagnosis.ts";

/** Returns the checks for a server that is downloaded. */
export function downloadChecks(config: JSockDConfig, options: InstallOptions): Checks {
  return {
    platform: () => releaseName(config.jsockdVersion, options.flavor ?? "default"),
    permissions: async () => {
      await inspect(options, startPurpose(config));
      return "all granted";
    },
    cache: async () => describeCache(await inspect(options, startPurpose(config))),
  };
}

function describeCache({ release: { folder }, state }: Inspection): string {
  if (state === "valid") return `'${folder}' has a valid signature`;
  if (state === "missing") return `'${folder}' is missing and will be downloaded`;
  const { code, message } = state.error;
  throw new JSockDClientError(
    code,
    `${message}; find out what changed it, then run 'jsockd install' to replace it`,
    { cause: state.error },
  );
}
