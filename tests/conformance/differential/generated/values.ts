import fc from "fast-check";

/** Source text of an expression. */
export type Source = fc.Arbitrary<string>;

const number: Source = fc.oneof(
  fc.constantFrom(
    ..."0 -0 1 -1 2 3 1.5 NaN Infinity -Infinity 1e21 1e-7 5e-324 0xff 0b101".split(" "),
  ),
  fc.constantFrom("2 ** 31", "2 ** 32", "-(2 ** 31)", "2 ** 53", "Number.MAX_VALUE", "0.1 + 0.2"),
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => `${value}`),
);

const character = fc.constantFrom(
  ..."abcABC019 _$-.,:;/+*'\"`{}[]()<>%&|!?=#@^~é€ßİſ".split(""),
  ...[
    "\\n",
    "\\t",
    "\\r",
    "\\0",
    "\\\\",
    "\\u2028",
    "\\ud83d",
    "\\ude00",
    "\\u{1f600}",
    "\\x7f",
    "\\u0301",
  ],
);

/** A string literal; half a surrogate pair is among what it may hold, a line break is not. */
export const string: Source = fc.oneof(
  fc.array(character, { maxLength: 12 }).map((characters) => quote(characters.join(""))),
  fc.constantFrom(
    "''",
    "'a'",
    "'abc'",
    "'1'",
    "'-0'",
    "'1e3'",
    "' 12 '",
    "'0x1f'",
    "'null'",
    "'length'",
  ),
  fc.constantFrom(
    "'constructor'",
    "'toString'",
    "'__proto__'",
    "'a,b,c'",
    "'2020-01-02'",
    "'aXbX'",
  ),
);

function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

const bigint: Source = fc.oneof(
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map((value) => `(${value}n)`),
  fc.constantFrom("0n", "1n", "(-1n)", "(2n ** 64n)", "(2n ** 63n - 1n)"),
);

const simple: Source = fc.oneof(
  { arbitrary: number, weight: 4 },
  { arbitrary: string, weight: 4 },
  { arbitrary: bigint, weight: 1 },
  fc.constantFrom(
    "undefined",
    "null",
    "true",
    "false",
    "Symbol('s')",
    "Symbol.iterator",
    "Symbol()",
  ),
);

/** Keys in an order that every engine keeps: what is shown of others is listed as a difference. */
const key: Source = fc.constantFrom(
  ..."a b c name length message then x1 $ _".split(" "),
  "'a b'",
  "'é'",
  "''",
);

const regexp: Source = fc.tuple(
  fc.constantFrom(
    "a",
    "(a)(b)?",
    "[a-c]+",
    "(?<n>.)",
    "^.*$",
    "\\b",
    "(?:x|y)*",
    "\\d{1,3}",
    "(?=a)",
    "\\p{L}",
    "(?<!a)b",
    "[^]",
    "(.)\\1",
  ),
  fc.constantFrom("", "g", "i", "gi", "m", "s", "u", "y", "d", "gu", "v"),
).map(([pattern, flags]) => `/${pattern}/${flags}`);

const callback: Source = fc.constantFrom(
  ...[
    "(x) => x",
    "() => 1",
    "(x, y) => x + y",
    "(a, b) => a - b",
    "(x) => [x, x]",
    "(x) => !x",
    "(x) => x > 1",
  ],
  ...[
    "function () { return typeof this; }",
    "() => { throw new Error('callback'); }",
    "(x) => typeof x",
    "(x) => String(x)",
    "(x) => Number(x)",
  ],
  ...[
    "(...all) => all.length",
    "async (x) => x",
    "function* (x) { yield x; }",
    "class C { constructor(x) { this.x = x; } }",
  ],
);

const builtIn: Source = fc.oneof(
  regexp,
  callback.map((source) => `(${source})`),
  fc.constantFrom(
    "new Date(0)",
    "new Date(NaN)",
    "new Date(1e12)",
    "new Date(2020, 1, 30)",
    "globalThis.nope",
  ),
  fc.constantFrom(
    "new Boolean(false)",
    "new Number(-0)",
    "new String('ab')",
    "Object(1n)",
    "Object(Symbol('o'))",
  ),
  fc.constantFrom(
    "new ArrayBuffer(8)",
    "new DataView(new ArrayBuffer(8))",
    "new WeakMap()",
    "Promise.resolve(1)",
  ),
  fc.constantFrom(
    "[1, 2].values()",
    "new Map([[1, 2]]).keys()",
    "(function* () { yield 1; yield 2; })()",
    "'ab'[Symbol.iterator]()",
  ),
  fc.constantFrom(
    "(function () { return arguments; })(1, 2)",
    "new Error('e')",
    "new TypeError('t', { cause: 1 })",
    "new AggregateError([1], 'g')",
  ),
  fc.constantFrom(
    "new (class Point { x = 1; get y() { return 2; } })()",
    "new (class Sub extends Array {})(1, 2, 3)",
    "Object.create(null)",
  ),
);

const typedArray: Source = fc.tuple(
  fc.constantFrom(
    "Int8",
    "Uint8",
    "Uint8Clamped",
    "Int16",
    "Uint16",
    "Int32",
    "Uint32",
    "Float16",
    "Float32",
    "Float64",
  ),
  fc.array(number, { maxLength: 4 }),
).map(([name, items]) => `new ${name}Array([${items.join(", ")}])`);

/** Keys that are numbers come first in every engine if they do in the text. */
function spreadFirst(members: readonly string[]): string[] {
  const isSpread = (member: string) => member.startsWith("...");
  return [...members.filter(isSpread), ...members.filter((member) => !isSpread(member))];
}

/** An expression for a value of any kind. */
export const value: Source =
  fc.letrec<{ value: string; array: string; object: string; collection: string }>(
    (tie) => ({
      value: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        { arbitrary: simple, weight: 5 },
        { arbitrary: builtIn, weight: 2 },
        { arbitrary: typedArray, weight: 1 },
        { arbitrary: tie("array"), weight: 2 },
        { arbitrary: tie("object"), weight: 2 },
        { arbitrary: tie("collection"), weight: 1 },
      ),
      array: fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
      object: fc.array(
        fc.oneof(
          {
            arbitrary: fc.tuple(key, tie("value")).map(([name, item]) => `${name}: ${item}`),
            weight: 6,
          },
          {
            arbitrary: fc.tuple(key, tie("value")).map(([name, item]) =>
              `get ${name}() { return ${item}; }`
            ),
            weight: 1,
          },
          {
            arbitrary: fc.tuple(key, tie("value")).map(([name, item]) =>
              `${name}() { return ${item}; }`
            ),
            weight: 1,
          },
          { arbitrary: tie("value").map((item) => `toJSON() { return ${item}; }`), weight: 1 },
          { arbitrary: tie("value").map((item) => `valueOf() { return ${item}; }`), weight: 1 },
          { arbitrary: tie("value").map((item) => `toString() { return ${item}; }`), weight: 1 },
          { arbitrary: tie("array").map((item) => `...${item}`), weight: 1 },
        ),
        { maxLength: 4 },
      ).map((members) => `({ ${spreadFirst(members).join(", ")} })`),
      collection: fc.oneof(
        fc.array(tie("value"), { maxLength: 3 }).map((items) => `new Set([${items.join(", ")}])`),
        fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((entries) =>
          `new Map([${entries.map(([name, item]) => `[${name}, ${item}]`).join(", ")}])`
        ),
      ),
    }),
  ).value;

export { callback, number, regexp };
