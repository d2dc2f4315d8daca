import { runDeno, stdoutOf } from "./run_to_end.ts";

/**
 * Deno's cache folder. With DENO_DIR set to it, Deno needs no other environment variable to find
 * it.
 */
export const DENO_DIR: string = JSON.parse(await stdoutOf(runDeno(["info", "--json"]))).denoDir;
