/** The version of the JSockD server that this client expects. */
export const JSOCKD_VERSION = "0.0.139";
