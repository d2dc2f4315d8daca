import type { JSockDConfig } from "../../mod.ts";

/** A configuration whose server logs nowhere, so that what tests print is about tests. */
export function quiet(config: Partial<JSockDConfig>): Partial<JSockDConfig> {
  return { logger: () => {}, ...config };
}
