import { installJSockD } from "../../mod.ts";
import { defineCommand } from "./command.ts";
import { DOWNLOAD_OPTIONS, toInstallOptions } from "./download_options.ts";
import { showDownload } from "./download_display.ts";

/** The command `jsockd install`. */
export const command = defineCommand({
  description: "Downloads a jsockd, unless it is in the cache, verifies its signature, and\n" +
    "prints its path on stdout. Does not run it.",
  operands: {},
  options: {
    version: { value: "V", help: "version to install" },
    ...DOWNLOAD_OPTIONS,
  },

  async run(values, _operands, signal) {
    const options = toInstallOptions(values);
    console.log(
      await showDownload((onProgress) => installJSockD({ ...options, signal, onProgress })),
    );
    return 0;
  },
});
