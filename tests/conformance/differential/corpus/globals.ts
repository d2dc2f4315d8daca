import { type Program, programsOf } from "../program.ts";
import { linesOf } from "./lines.ts";

/** Describes an object's own properties: what they are, and what may be done to them. */
const DESCRIBE = `const describe = (object) => Object.fromEntries(Reflect.ownKeys(object).sort(
    (a, b) => String(a) < String(b) ? -1 : 1).map((key) => {
    const d = Object.getOwnPropertyDescriptor(object, key);
    const flags = (d.enumerable ? "e" : "") + (d.configurable ? "c" : "") + (d.writable ? "w" : "");
    const of = (v) => typeof v === "function" ? "function " + v.name + "/" + v.length
      : typeof v === "object" && v !== null ? Object.prototype.toString.call(v) : typeof v + " " + String(v);
    return [String(key), flags + " " + ("value" in d ? of(d.value) : of(d.get) + ", " + of(d.set))]; }));`;

/** Gives a global first, if it is made when it is used. */
const describeGlobal = (name: string) =>
  `() => { ${DESCRIBE}
    const value = globalThis.${name};
    const d = Object.getOwnPropertyDescriptor(globalThis, "${name}"); if (d === undefined) return "none";
    return [d.enumerable, d.configurable, d.writable ?? "none", typeof value,
      Object(value) === value ? describe(value) : String(value),
      value?.prototype ? describe(value.prototype) : "none"]; }`;

/** What there is: globals, their properties, and what may be done to those. */
export const GLOBALS: readonly Program[] = [
  ...programsOf("names of globals", linesOf("global_names")),
  ...programsOf("a global", linesOf("names").map(describeGlobal)),
  ...programsOf(
    "source of a global",
    linesOf("names").map((name) => `() => String(globalThis.${name})`),
  ),
  ...programsOf(
    "a hidden object",
    linesOf("objects").map((object) =>
      `() => { ${DESCRIBE} return describe(Object(\n${object}\n)); }`
    ),
  ),
];
