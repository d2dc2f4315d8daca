import fc from "fast-check";
import type { Program } from "../program.ts";
import { operation } from "./operations.ts";
import { body } from "./statements.ts";
import { type Source, value } from "./values.ts";

const either: Source = fc.oneof(value, operation);

/** Functions around what throws, by the expression that does. */
const FRAMES: readonly ((thrower: string) => string)[] = [
  (thrower) => `(() => ${thrower})()`,
  (thrower) => `(function named() { return ${thrower}; })()`,
  (thrower) => `[1].map((x) => ${thrower})`,
  (thrower) => `new (class K { constructor() { ${thrower}; } })()`,
  (thrower) => `({ get p() { return ${thrower}; } }).p`,
  (thrower) => `({ method() { return ${thrower}; } }).method()`,
  (thrower) => `(async () => ${thrower})()`,
  (thrower) => `Promise.resolve().then(() => ${thrower})`,
  (thrower) => `[...(function* () { yield ${thrower}; })()]`,
  (thrower) => `"x".replace("x", () => ${thrower})`,
  (thrower) => `\`\${{ toString() { return ${thrower}; } }}\``,
  (thrower) => `Reflect.apply(() => ${thrower}, null, [])`,
  (thrower) => `eval(${JSON.stringify(thrower)})`,
];

const thrown: Source = fc.oneof(
  either,
  fc.tuple(
    fc.constantFrom("Error", "TypeError", "RangeError", "InternalError", "SyntaxError"),
    either,
  )
    .map(([name, message]) => `new ${name}(${message})`),
  fc.tuple(value, value).map(([message, cause]) => `new Error(${message}, { cause: ${cause} })`),
  fc.tuple(value, value).map(([name, code]) =>
    `Object.assign(new Error("m"), { name: ${name}, code: ${code} })`
  ),
  fc.tuple(value, value).map(([a, b]) => `new AggregateError([${a}], ${b})`),
  value.map((message) => `new (class MyError extends Error { name = "MyError"; })(${message})`),
);

const thrower: Source = fc.oneof(
  thrown.map((source) => `(() => { throw ${source}; })()`),
  thrown.map((source) => `Promise.reject(${source})`),
  operation,
);

const nested: Source = fc.tuple(thrower, fc.array(fc.constantFrom(...FRAMES), { maxLength: 4 }))
  .map(([source, frames]) => frames.reduce((inside, frame) => frame(inside), source));

const answer = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom("internal_error", "nope", "null", "1"),
);

/** JSON, and what is almost JSON. */
const param = fc.oneof(
  { arbitrary: fc.json({ maxDepth: 3 }), weight: 3 },
  {
    arbitrary: fc.tuple(
      fc.json({ maxDepth: 2 }),
      fc.nat(30),
      fc.constantFrom(..."{}[],:\"0x-.e \\'n"),
    ).map(
      ([json, at, character]) => json.slice(0, at) + character + json.slice(at + 1),
    ),
    weight: 2,
  },
  fc.double().map((number) => `${number}`),
);

/** A program of any kind that leaves its runtime as it was. */
export const program: fc.Arbitrary<Program> = fc.oneof(
  either.map((source) => ({ kind: "returned", query: `async () => (${source})` })),
  either.map((source) => ({
    kind: "described",
    query:
      `() => { const v = (${source}); return [typeof v, Object.prototype.toString.call(v), Reflect.ownKeys(Object(v)).map(String)]; }`,
  })),
  thrown.map((source) => ({ kind: "thrown", query: `() => { throw ${source}; }` })),
  nested.map((source) => ({
    kind: "thrown in calls",
    query: `async () => {\n  return await ${source};\n}`,
  })),
  fc.array(either, { maxLength: 3 }).map((list) => ({
    kind: "logged",
    query: `() => { console.log(${list.join(", ")}); return 1; }`,
  })),
  fc.tuple(either, fc.array(answer, { maxLength: 2 })).map(([source, answers]) => ({
    kind: "sent",
    query:
      `() => { const v = (${source}); return [JSockD.sendMessage(v), JSockD.sendMessage([v])]; }`,
    answers,
  })),
  {
    arbitrary: body.map((source) => ({
      kind: "statements",
      query: `async () => {\n  ${source}\n}`,
    })),
    weight: 3,
  },
  param.map((json) => ({
    kind: "parameter",
    query: "(_, p) => [p, typeof p, JSON.stringify(p)]",
    param: json,
  })),
);
