import fc from "fast-check";
import { callback, number, regexp, type Source, string, value } from "./values.ts";

/** The functions of the language itself that give the same result every time and change nothing else. */
const FUNCTIONS: readonly string[] = [
  ...staticFunctions(
    "Object",
    "assign create entries freeze fromEntries getOwnPropertyNames groupBy hasOwn is isExtensible isFrozen isSealed keys values getOwnPropertyDescriptors getOwnPropertyDescriptor getPrototypeOf preventExtensions seal defineProperty",
  ),
  ...staticFunctions("Array", "from isArray of"),
  ...staticFunctions("Number", "isFinite isInteger isNaN isSafeInteger parseFloat parseInt"),
  ...staticFunctions("String", "fromCharCode fromCodePoint raw"),
  ...staticFunctions(
    "Math",
    "abs acosh asin atan2 cbrt ceil clz32 cos expm1 floor fround hypot imul log10 log1p max min pow round sign sinh sqrt tan trunc f16round",
  ),
  ...staticFunctions("JSON", "parse stringify"),
  ...staticFunctions(
    "Reflect",
    "apply construct get has ownKeys getOwnPropertyDescriptor getPrototypeOf isExtensible set",
  ),
  ...staticFunctions("Symbol", "for keyFor"),
  ...staticFunctions("BigInt", "asIntN asUintN"),
  ...staticFunctions("Date", "parse UTC"),
  ...staticFunctions("Promise", "all allSettled any race reject resolve try"),
  ...staticFunctions("Map", "groupBy"),
  ...staticFunctions("ArrayBuffer", "isView"),
  ...staticFunctions("Iterator", "from"),
  ..."parseInt parseFloat isNaN isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape"
    .split(" "),
  ..."String Number Boolean BigInt Object Array Symbol Error TypeError".split(" "),
];

const METHODS: readonly string[] = [
  ...methods(
    "Array",
    "at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString toReversed toSorted toSpliced toString unshift values with",
  ),
  ...methods(
    "String",
    "at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed lastIndexOf match matchAll normalize replace replaceAll search slice split startsWith substr substring toLowerCase toString toUpperCase toWellFormed trim trimEnd trimStart anchor localeCompare valueOf",
  ),
  ...methods("Number", "toExponential toFixed toPrecision toString valueOf toLocaleString"),
  ...methods("BigInt", "toString valueOf"),
  ...methods("RegExp", "exec test toString compile"),
  ...methods(
    "Object",
    "hasOwnProperty isPrototypeOf propertyIsEnumerable toString valueOf toLocaleString",
  ),
  ...methods("Function", "apply bind call"),
  ...methods("Map", "get has set delete forEach entries keys values clear"),
  ...methods(
    "Set",
    "add has delete forEach union intersection difference symmetricDifference isSubsetOf isDisjointFrom values",
  ),
  ...methods(
    "Date",
    "getTime getUTCDay getUTCFullYear setUTCMonth setUTCHours toISOString toJSON toUTCString valueOf getTimezoneOffset",
  ),
  ...methods(
    "Uint8Array",
    "at fill filter find includes indexOf join map reduce reverse set slice sort subarray toSorted with toString",
  ),
  ...methods("Float64Array", "at fill includes indexOf join map set slice sort toReversed"),
  ...methods(
    "DataView",
    "getInt8 getUint16 getFloat32 getBigInt64 setInt16 setFloat64 setBigUint64",
  ),
  ...methods("ArrayBuffer", "slice resize transfer"),
  ...methods("Promise", "then catch finally"),
  ...methods("Symbol", "toString valueOf"),
  ...methods("Error", "toString"),
  ...methods("Iterator", "map filter take drop toArray flatMap reduce some every find forEach"),
];

const BINARY = "+ - * / % ** == != === !== < > <= >= & | ^ << >> >>> && || ?? in instanceof ,"
  .split(" ");
const UNARY = ["+", "-", "!", "~", "typeof ", "void ", "delete ", "await ", "new "];

function staticFunctions(object: string, names: string): string[] {
  return names.split(" ").map((name) => `${object}.${name}`);
}

function methods(constructor: string, names: string): string[] {
  return names.split(" ").map((name) => `${constructor}.prototype.${name}`);
}

const argument: Source = fc.oneof(
  { arbitrary: value, weight: 4 },
  { arbitrary: callback, weight: 2 },
  { arbitrary: number, weight: 2 },
  { arbitrary: string, weight: 2 },
  { arbitrary: regexp, weight: 1 },
);
const argumentList = fc.array(argument, { maxLength: 3 }).map((items) =>
  items.map((item) => `(${item})`).join(", ")
);

/** A value that a method is at home with: it would throw at once for most others. */
function receiverOf(method: string): Source {
  const own: Record<string, Source> = {
    Array: fc.array(value, { maxLength: 5 }).map((items) => `[${items.join(", ")}]`),
    String: string,
    Number: number.map((item) => `(${item})`),
    BigInt: fc.constant("123n"),
    RegExp: regexp,
    Function: callback.map((item) => `(${item})`),
    Map: fc.constantFrom("new Map([[1, 'a'], ['b', 2]])", "new Map()"),
    Set: fc.constantFrom("new Set([1, 2, 3])", "new Set()"),
    Date: fc.constantFrom("new Date(0)", "new Date(1e12 + 5)", "new Date(NaN)"),
    Uint8Array: fc.constantFrom("new Uint8Array([3, 1, 2])", "new Uint8Array()"),
    Float64Array: fc.constant("new Float64Array([0.5, NaN, -0, 1])"),
    DataView: fc.constant("new DataView(new ArrayBuffer(9), 1)"),
    ArrayBuffer: fc.constantFrom("new ArrayBuffer(8)", "new ArrayBuffer(4, { maxByteLength: 16 })"),
    Promise: fc.constantFrom("Promise.resolve(1)", "Promise.reject(new Error('r'))"),
    Symbol: fc.constant("Symbol('s')"),
    Error: fc.constant("new RangeError('m')"),
    Iterator: fc.constant("[1, 2, 3].values()"),
  };
  const home = own[method.slice(0, method.indexOf("."))];
  return home === undefined
    ? value
    : fc.oneof({ arbitrary: home, weight: 5 }, { arbitrary: value, weight: 1 });
}

/** A call of what the language brings along, or one of its operators, on any values. */
export const operation: Source = fc.oneof(
  {
    arbitrary: fc.constantFrom(...METHODS).chain((method) =>
      fc.tuple(receiverOf(method), argumentList).map(([receiver, list]) =>
        `${method}.call(${receiver}${list && `, ${list}`})`
      )
    ),
    weight: 6,
  },
  {
    arbitrary: fc.tuple(fc.constantFrom(...FUNCTIONS), argumentList).map(([name, list]) =>
      `${name}(${list})`
    ),
    weight: 4,
  },
  {
    arbitrary: fc.tuple(value, fc.constantFrom(...BINARY), value).map(([left, operator, right]) =>
      `((${left}) ${operator} (${right}))`
    ),
    weight: 3,
  },
  {
    arbitrary: fc.tuple(fc.constantFrom(...UNARY), value).map(([operator, operand]) =>
      `(${operator}(${operand}))`
    ),
    weight: 1,
  },
  { arbitrary: fc.tuple(value, string).map(([object, name]) => `(${object})[${name}]`), weight: 1 },
  { arbitrary: fc.tuple(value, value).map(([a, b]) => `\`\${${a}}-\${${b}}\``), weight: 1 },
);
