import type { JSockDConfig } from "../../mod.ts";

/**
 * Returns a configuration that drops the server's log, which would clutter the output of the tests.
 */
export function quiet(config: Partial<JSockDConfig>): Partial<JSockDConfig> {
  return { logger: () => {}, ...config };
}
