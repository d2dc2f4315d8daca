import { type Program, programsOf } from "../program.ts";
import { linesOf } from "./lines.ts";

const values = [...linesOf("values"), ...linesOf("errors")];

/** Tells what a value is turned into, each time as far as it comes. */
const PRINT =
  `const attempt = (f) => { try { return f() ?? "undefined"; } catch (e) { return e?.message; } };
  return [() => typeof v, () => String(v), () => v + "", () => JSON.stringify(v),
    () => Object.prototype.toString.call(v)].map(attempt);`;

/** Every value, in every way that a client gets to see one. */
export const SHOWN: readonly Program[] = [
  ["returned", (value: string) => `() => (${value})`] as const,
  ["thrown", (value: string) => `() => { throw (${value}); }`] as const,
  ["thrown inside", (value: string) => `() => { throw { in: [${value}] }; }`] as const,
  ["rejected", (value: string) => `async () => { await 0; throw ${value}; }`] as const,
  ["logged", (value: string) => `() => { console.log(${value}); return 1; }`] as const,
  [
    "logged among others",
    (value: string) => `() => { console.error("a", ${value}, [${value}]); return 1; }`,
  ] as const,
  ["sent", (value: string) => `() => JSockD.sendMessage(${value}) ?? 1`] as const,
  ["printed", (value: string) => `() => { const v = (${value}); ${PRINT} }`] as const,
].flatMap(([kind, programOf]) => programsOf(kind, values.map(programOf)));
