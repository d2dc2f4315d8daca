import { type Program, programsOf } from "../program.ts";
import { linesOf } from "./lines.ts";

/** Calls of a function `f`, in all ways that leave a frame of their own, or none. */
const calls = linesOf("calls");

/** Statements that the engine throws for. */
const faults = linesOf("faults");

const CATCH = `catch (e) {
  return [e?.name, e?.message, e?.stack, Object.getOwnPropertyNames(e ?? 0)]; }`;

/** What is thrown from everywhere, and what the engine itself throws. */
export const EXCEPTIONS: readonly Program[] = [
  ...programsOf("trace of a call", [
    ...calls.map((call) =>
      `() => { function f() { throw new Error("deep"); }\n  return ${call}; }`
    ),
    ...calls.map((call) =>
      `async () => { const f = () => null.x;\n  await 0; return await (${call}); }`
    ),
  ]),
  ...programsOf("fault", faults.map((fault) => `() => {\n  ${fault};\n}`)),
  ...programsOf("fault after await", faults.map((fault) => `async () => { await 0; ${fault}; }`)),
  ...programsOf(
    "fault caught",
    faults.map((fault) =>
      `async () => { try { await (async () => { ${fault}; })(); return "none"; } ${CATCH} }`
    ),
  ),
  ...programsOf(
    "fault in the query",
    faults.map((fault) => `(() => { ${fault}; return () => 1; })()`),
  ),
];
