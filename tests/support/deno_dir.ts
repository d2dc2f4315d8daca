import { runDeno, stdoutOf } from "./run_to_end.ts";

/** Where Deno keeps what programs import: by it, it needs nothing else of the environment. */
export const DENO_DIR: string = JSON.parse(await stdoutOf(runDeno(["info", "--json"]))).denoDir;
