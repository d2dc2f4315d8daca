import type { InstallOptions, JSockDConfig } from "../../mod.ts";
import { JSockDClientError } from "../common/errors.ts";
import { startPurpose } from "../client/permissions.ts";
import { releaseName } from "../release/platform.ts";
import { inspect, type Inspection } from "../release/prepare.ts";
import type { Checks } from "./diagnosis.ts";

/** What must be right for a server that is downloaded. */
export function downloadChecks(config: JSockDConfig, options: InstallOptions): Checks {
  return {
    platform: () => releaseName(config.jsockdVersion, options.flavor ?? "default"),
    permissions: async () => {
      await inspect(options, startPurpose(config));
      return "all are given";
    },
    cache: async () => describeCache(await inspect(options, startPurpose(config))),
  };
}

function describeCache({ release: { folder }, state }: Inspection): string {
  if (state === "valid") return `'${folder}' is as it was signed`;
  if (state === "missing") return `'${folder}' is not there, and is downloaded now`;
  throw new JSockDClientError(
    state.code,
    `${state.message}; find out who changed it, and run 'jsockd install' to have it replaced`,
    { cause: state },
  );
}
