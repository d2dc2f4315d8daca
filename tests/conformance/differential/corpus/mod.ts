import type { Program } from "../program.ts";
import { CONSOLE } from "./console.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { GLOBALS } from "./globals.ts";
import { PROTOCOL } from "./protocol.ts";
import { SHOWN } from "./shown.ts";

/** All programs that are written down. */
export const CORPUS: readonly Program[] = [
  // Before any other has made globals of its own.
  ...GLOBALS,
  ...SHOWN,
  ...EXCEPTIONS,
  ...PROTOCOL,
  ...CONSOLE,
];
