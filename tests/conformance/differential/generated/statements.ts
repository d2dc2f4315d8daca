import fc from "fast-check";
import { operation } from "./operations.ts";
import { type Source, value } from "./values.ts";

/** Expressions that use the variables `a` and `b`, and leave what they did in `seen`. */
const term: Source = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      "a",
      "b",
      "seen.length",
      "typeof a",
      "[a, b]",
      "{ a, b }.a",
      "note(a)",
      "note(b)",
    ),
    weight: 4,
  },
  { arbitrary: value, weight: 2 },
  { arbitrary: operation, weight: 1 },
).map((source) => source === "{ a, b }.a" ? "({ a, b }).a" : source);

const expression: Source = fc.oneof(
  { arbitrary: term, weight: 3 },
  fc.tuple(term, term, term).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
  fc.tuple(term, term).map(([left, right]) => `(${left} ?? ${right})`),
  term.map((source) => `(${source})?.length`),
  term.map((source) => `((x) => note(x))(${source})`),
  term.map((source) => `(({ length = "none" }) => length)(${source})`),
  term.map((source) => `[...[${source}]]`),
  term.map((source) => `(a = ${source})`),
  term.map((source) => `(b ||= ${source})`),
  term.map((source) => `(b &&= ${source})`),
  fc.constantFrom(
    "a++",
    "(b -= 1)",
    "(a, b)",
    "void a",
    "!b",
    "(() => { throw note('thrown'); })()",
  ),
);

/** A statement, in which functions may be declared, but nothing that outlives the command. */
export const statement: Source = fc.letrec<{ statement: string; block: string }>((tie) => ({
  block: fc.array(tie("statement"), { maxLength: 3 }).map((statements) =>
    `{ ${statements.join(" ")} }`
  ),
  statement: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { arbitrary: expression.map((source) => `note(${source});`), weight: 5 },
    { arbitrary: expression.map((source) => `a = ${source};`), weight: 2 },
    {
      arbitrary: fc.tuple(expression, tie("block"), tie("block")).map(([test, yes, no]) =>
        `if (${test}) ${yes} else ${no}`
      ),
      weight: 2,
    },
    {
      arbitrary: fc.tuple(tie("block"), tie("block")).map(([body, handler]) =>
        `try ${body} catch (e) { note(e?.message ?? e); ${handler} }`
      ),
      weight: 2,
    },
    {
      arbitrary: fc.tuple(tie("block"), tie("block")).map(([body, end]) =>
        `try ${body} finally ${end}`
      ),
      weight: 1,
    },
    { arbitrary: tie("block").map((body) => `for (let i = 0; i < 3; i++) ${body}`), weight: 1 },
    {
      arbitrary: fc.tuple(expression, tie("block")).map(([list, body]) =>
        `for (const x of ${list}) ${body}`
      ),
      weight: 1,
    },
    {
      arbitrary: fc.tuple(expression, tie("block")).map(([object, body]) =>
        `for (const k in ${object}) { note(k); ${body} }`
      ),
      weight: 1,
    },
    {
      arbitrary: fc.tuple(expression, tie("block")).map(([test, body]) =>
        `switch (${test}) { case a: note("a"); case 1: ${body} break; default: note("d"); }`
      ),
      weight: 1,
    },
    {
      arbitrary: tie("block").map((body) =>
        `outer: for (const x of [1, 2]) { for (const y of [1, 2]) { if (y > x) continue outer; ${body} } }`
      ),
      weight: 1,
    },
    { arbitrary: tie("block").map((body) => `await (async () => ${body})();`), weight: 1 },
    {
      arbitrary: tie("block").map((body) =>
        `for (const x of (function* () { try { yield 1; ${
          body.replaceAll("await", "void")
        } yield 2; } finally { note("closed"); } })()) { note(x); break; }`
      ),
      weight: 1,
    },
    {
      arbitrary: expression.map((source) =>
        `const { length, ...rest } = Object(${source}); note([length, rest]);`.replace(/^/, "{ ") +
        " }"
      ),
      weight: 1,
    },
    {
      arbitrary: expression.map((source) =>
        `{ const [x, y = note("default"), ...z] = ${source}; note([x, y, z]); }`
      ),
      weight: 1,
    },
    {
      arbitrary: expression.map((source) =>
        `{ class A { static #n = 0; x = ${source}; static m() { return ++A.#n; } get g() { return this.x; } } note([A.m(), A.m(), new A().g]); }`
      ),
      weight: 1,
    },
    {
      arbitrary: expression.map((source) =>
        `{ class A { m() { return "A"; } } class B extends A { m() { return super.m() + typeof (${source}); } } note(new B().m()); }`
      ),
      weight: 1,
    },
    {
      arbitrary: expression.map((source) =>
        `note(await Promise.allSettled([${source}, Promise.reject(a)]));`
      ),
      weight: 1,
    },
    {
      arbitrary: expression.map((source) =>
        `for await (const x of [${source}, Promise.resolve(b)]) note(x);`
      ),
      weight: 1,
    },
    { arbitrary: expression.map((source) => `throw ${source};`), weight: 1 },
    { arbitrary: expression.map((source) => `return ${source};`), weight: 1 },
    {
      arbitrary: fc.constantFrom(
        "a = note;",
        "a = [a];",
        "b = { b };",
        "[a, b] = [b, a];",
        "a = a + b;",
        "a = `${typeof a}`;",
      ),
      weight: 2,
    },
  ),
})).statement;

/** A function's body that tells all that happened in it. */
export const body: Source = fc.tuple(
  value,
  value,
  fc.array(statement, { minLength: 1, maxLength: 5 }),
).map((
  [first, second, statements],
) =>
  `const seen = []; const note = (x) => { if (seen.length < 50) seen.push(typeof x === "object" ? x : String(x)); return x; };
  let a = ${first}, b = ${second};
  try { const result = await (async () => { ${
    statements.join("\n  ")
  } })(); return [seen, result]; }
  catch (e) { console.log("thrown", seen.length); throw e; }`
);
