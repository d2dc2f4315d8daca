import { type Program, programsOf } from "../program.ts";
import { linesOf } from "./lines.ts";

/** Arguments. */
const calls = linesOf("console");

/** What can be written to the console, and what that is. */
export const CONSOLE: readonly Program[] = [
  ...programsOf("console", calls.map((args) => `() => { console.log(${args}); return 1; }`)),
  ...programsOf(
    "console after await",
    calls.map((args) => `async () => { await 0; console.warn(${args}); return 1; }`),
  ),
  ...programsOf("console itself", linesOf("console_itself")),
];
