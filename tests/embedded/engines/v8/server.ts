import { embeddedServer } from "../../../../src/embedded/mod.ts";
import type { Command } from "../../../support/server_process.ts";

/** The command that starts an embedded server on V8. */
export const V8_SERVER = embeddedServer({ engine: "v8" }) as Command;
