/**
 * Makes the function that shows a value as QuickJS shows it: this is what an exception that is no
 * Error looks like, and what `console.log` writes. It runs inside the engine, which gets its source
 * text: it can refer to nothing outside itself. It calls no getters, and tells by what a value is,
 * not by its prototype, how to show it.
 *
 * A NUL in the text stands where QuickJS begins to write anew, on which a log's lines depend. What
 * QuickJS writes as a C string ends at a NUL of its own.
 *
 * @param stackOf Reads the stack of an error; by default it is a property like any other.
 */
export function makeInspect(
  stackOf?: (error: object) => string | undefined,
): (value: unknown) => string {
  const MAX_DEPTH = 2;
  const MAX_STRING_LENGTH = 1000;
  const MAX_ITEMS = 100;
  const MAX_SMALL_INDEX = 2 ** 31 - 1;
  const NEW_WRITE = "\0";
  const ESCAPES: Record<string, string> = {
    "\t": "\\t",
    "\r": "\\r",
    "\n": "\\n",
    "\b": "\\b",
    "\f": "\\f",
    "\\": "\\\\",
    '"': '\\"',
  };
  const { getPrototypeOf } = Object;
  const { ownKeys, getOwnPropertyDescriptor } = Reflect;
  const { toString, isPrototypeOf } = Object.prototype;
  const { isError } = Error as unknown as { isError(value: unknown): boolean };
  const TypedArray = getPrototypeOf(Uint8Array) as typeof Uint8Array;
  const typedArrayName = getter(TypedArray.prototype, Symbol.toStringTag);
  const dateTime = Date.prototype.getTime;
  const dateText = Date.prototype.toISOString;
  const mapEntries = Map.prototype.entries;
  const setValues = Set.prototype.values;
  const regexpSource = getter(RegExp.prototype, "source");
  const REGEXP_FLAGS = Object.entries({
    global: "g",
    ignoreCase: "i",
    multiline: "m",
    dotAll: "s",
    unicode: "u",
    sticky: "y",
    hasIndices: "d",
    unicodeSets: "v",
  }).map(([name, flag]) => [getter(RegExp.prototype, name), flag] as const);
  const CLASS_PROTOTYPES = Object.entries({
    Promise: Promise.prototype,
    Generator: getPrototypeOf(function* () {}).prototype,
    AsyncGenerator: getPrototypeOf(async function* () {}).prototype,
    "Array Iterator": getPrototypeOf([].values()),
    "String Iterator": getPrototypeOf(""[Symbol.iterator]()),
    "Map Iterator": getPrototypeOf(new Map().values()),
    "Set Iterator": getPrototypeOf(new Set().values()),
    "RegExp String Iterator": getPrototypeOf("".matchAll(/a/g)),
    "Iterator Helper": getPrototypeOf([].values().map(() => 0)),
  });
  /** Functions that throw unless they are called on an object of the class. */
  // deno-lint-ignore ban-types -- any function at all
  const CLASS_METHODS: readonly (readonly [name: string, method: Function])[] = [
    ["Map", getter(Map.prototype, "size")],
    ["Set", getter(Set.prototype, "size")],
    ["ArrayBuffer", getter(ArrayBuffer.prototype, "byteLength")],
    ["SharedArrayBuffer", getter(SharedArrayBuffer.prototype, "byteLength")],
    ["DataView", getter(DataView.prototype, "buffer")],
    ["WeakMap", WeakMap.prototype.has],
    ["WeakSet", WeakSet.prototype.has],
    ["WeakRef", WeakRef.prototype.deref],
    ["FinalizationRegistry", FinalizationRegistry.prototype.unregister],
    ["Symbol", Symbol.prototype.valueOf],
    ["BigInt", BigInt.prototype.valueOf],
    ["Boolean", Boolean.prototype.valueOf],
    ["Number", Number.prototype.valueOf],
    ["String", String.prototype.valueOf],
    ["Date", dateTime],
    ["RegExp", regexpSource],
  ];
  const FUNCTION_CLASSES = Object.entries({
    AsyncFunction: getPrototypeOf(async () => {}),
    GeneratorFunction: getPrototypeOf(function* () {}),
    AsyncGeneratorFunction: getPrototypeOf(async function* () {}),
  });
  let parents: object[] = [];

  return function inspect(value) {
    // What a proxy runs while it is looked at may have something shown itself.
    const outer = parents;
    parents = [];
    try {
      return show(value);
    } finally {
      parents = outer;
    }
  };

  function getter(object: object, key: PropertyKey): () => unknown {
    return getOwnPropertyDescriptor(object, key)!.get!;
  }

  function show(shown: unknown): string {
    switch (typeof shown) {
      case "string":
        return showString(shown);
      case "number":
        return Object.is(shown, -0) ? "-0" : String(shown);
      case "bigint":
        return `${shown}n`;
      case "symbol":
        return `Symbol(${showName(shown.description ?? "")})`;
      case "function":
      case "object":
        return shown === null ? "null" : showObject(shown);
      default:
        return String(shown);
    }
  }

  function showObject(object: object): string {
    const circle = parents.indexOf(object);
    if (circle >= 0) return `[circular ${circle}]`;
    const name = className(object);
    if (parents.length >= MAX_DEPTH) return `[${showName(name)}]`;
    parents.push(object);
    const text = showContents(object, name);
    parents.pop();
    return text;
  }

  function className(object: object): string {
    if (typeof object === "function") {
      return FUNCTION_CLASSES.find(([, prototype]) => isPrototypeOf.call(prototype, object))?.[0] ??
        "Function";
    }
    if (Array.isArray(object)) return "Array";
    if (isError(object)) return "Error";
    const typedArray = typedArrayName.call(object) as string | undefined;
    if (typedArray !== undefined) return typedArray;
    if (!hasTag(object)) return toString.call(object).slice("[object ".length, -1);
    return CLASS_PROTOTYPES.find(([, prototype]) => isPrototypeOf.call(prototype, object))?.[0] ??
      CLASS_METHODS.find(([, method]) => accepts(method, object))?.[0] ?? "Object";
  }

  /** Whether an object can say that it is something else than it is. */
  function hasTag(object: object): boolean {
    for (let at: object | null = object; at !== null; at = getPrototypeOf(at)) {
      if (getOwnPropertyDescriptor(at, Symbol.toStringTag) !== undefined) return true;
    }
    return false;
  }

  // deno-lint-ignore ban-types -- any function at all
  function accepts(method: Function, object: object): boolean {
    try {
      method.call(object, object);
      return true;
    } catch {
      return false;
    }
  }

  function showContents(object: object, name: string): string {
    const properties = (isLeftOut: (key: PropertyKey) => boolean = () => false): string[] =>
      limited(
        ownKeys(object).filter((key) =>
          !isLeftOut(key) && getOwnPropertyDescriptor(object, key)?.enumerable
        ),
        (key) => `${showName(key)}: ${showProperty(object, key)}`,
      );
    const after = (text: string) => {
      const shown = properties();
      return shown.length === 0 ? text : `${text} { ${shown.join(", ")} }`;
    };
    const braces = (before: string, shown: string[]) => `${before}{ ${shown.join(", ")} }`;
    if (typeof object === "function") {
      const functionName = cString(stringProperty(object, "name") || "(anonymous)");
      return after(`[Function ${NEW_WRITE}${functionName}${NEW_WRITE}]`);
    }
    switch (name) {
      case "Array": {
        const array = object as unknown[];
        return isPlainArray(array)
          ? `[ ${[...showItems(array), ...properties(isIndex)].join(", ")} ]`
          : `[ ${properties().join(", ")} ]`;
      }
      case "Map": {
        const entries = [...mapEntries.call(object as Map<unknown, unknown>)];
        const items = limited(entries, ([key, item]) => `${show(key)} => ${show(item)}`);
        return braces(`Map(${entries.length}) `, [...items, ...properties()]);
      }
      case "Set": {
        const values = [...setValues.call(object as Set<unknown>)];
        return braces(`Set(${values.length}) `, [...limited(values, show), ...properties()]);
      }
      case "RegExp":
        return after(showRegExp(object));
      case "Date":
        return isNaN(dateTime.call(object as Date))
          ? braces("Date ", properties())
          : after(dateText.call(object as Date));
      case "Error":
        return after(showError(object));
      case "String":
      case "Arguments":
        return braces(`${name} `, properties(isIndex));
      case "Object":
        return braces("", properties());
    }
    if (typedArrayName.call(object) === undefined) {
      return braces(`${showName(name)} `, properties());
    }
    const items = limited(
      [...TypedArray.prototype.values.call(object as Uint8Array)] as (number | bigint)[],
      (item) => typeof item === "bigint" ? String(item) : show(item),
    );
    const size = (object as Uint8Array).length;
    return `${name}(${size}) [ ${[...items, ...properties(isIndex)].join(", ")} ]`;
  }

  /** Whether QuickJS keeps the array as one piece of memory; as other objects it does if not. */
  function isPlainArray(array: unknown[]): boolean {
    const keys = ownKeys(array);
    const count = keys.findIndex((key) => !isIndex(key));
    return Object.isExtensible(array) && (count === 0 || keys[count - 1] === String(count - 1)) &&
      keys.slice(0, Math.min(count, MAX_ITEMS)).every((key) => {
        const { enumerable, configurable, writable } = getOwnPropertyDescriptor(array, key)!;
        return enumerable && configurable && writable;
      });
  }

  function isIndex(key: PropertyKey): boolean {
    return typeof key === "string" && String(Number(key) >>> 0) === key && key !== "4294967295";
  }

  function showItems(array: unknown[]): string[] {
    let filled = 0;
    while (filled < array.length && Object.hasOwn(array, filled)) filled++;
    const items = limited(array.slice(0, filled), show);
    const empty = array.length - filled;
    return empty === 0 ? items : [...items, `<${empty} empty item${empty > 1 ? "s" : ""}>`];
  }

  function showProperty(object: object, key: PropertyKey): string {
    const { get, set, value } = getOwnPropertyDescriptor(object, key)!;
    if (get !== undefined && set !== undefined) return "[Getter/Setter]";
    if (get !== undefined) return "[Getter]";
    if (set !== undefined) return "[Setter]";
    return show(value);
  }

  function showRegExp(regexp: object): string {
    const flags = REGEXP_FLAGS.map(([isSet, flag]) => isSet.call(regexp) ? flag : "");
    return `/${regexpSource.call(regexp)}/${flags.join("")}`;
  }

  function showError(error: object): string {
    const message = cString(stringProperty(error, "message") ?? "");
    const stack = stackOf === undefined ? stringProperty(error, "stack") : stackOf(error);
    return [
      cString(stringProperty(error, "name") ?? "Error"),
      ...(message === "" ? [] : [": ", message]),
      ...(stack === undefined ? [] : ["\n", cString(stack).replace(/\n$/, "")]),
    ].join(NEW_WRITE) + NEW_WRITE;
  }

  /** A string that the object or its prototype holds; no deeper, as QuickJS looks no deeper. */
  function stringProperty(object: object, key: string): string | undefined {
    const descriptor = getOwnPropertyDescriptor(object, key) ??
      getOwnPropertyDescriptor(getPrototypeOf(object) ?? {}, key);
    return typeof descriptor?.value === "string" ? descriptor.value : undefined;
  }

  function cString(text: string): string {
    return text.replace(/\0.*/s, "");
  }

  function showName(key: PropertyKey): string {
    if (isIndex(key) && Number(key) <= MAX_SMALL_INDEX) return String(key);
    const name = typeof key === "symbol" ? key.description ?? "" : String(key);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `"${escape(name)}"`;
  }

  function showString(text: string): string {
    const rest = text.length - MAX_STRING_LENGTH;
    const more = rest > 0 ? `... ${rest} more character${rest > 1 ? "s" : ""}` : "";
    return `"${escape(text.slice(0, MAX_STRING_LENGTH))}"${more}`;
  }

  function escape(text: string): string {
    // deno-lint-ignore no-control-regex -- control characters are what is escaped
    return text.replace(/["\\\x00-\x1f\x7f-\x9f]|\p{Cs}/gu, (character) =>
      ESCAPES[character] ??
        `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }

  function limited<T>(items: T[], showItem: (item: T) => string): string[] {
    const shown = items.slice(0, MAX_ITEMS).map((item) => showItem(item));
    const rest = items.length - MAX_ITEMS;
    return rest <= 0 ? shown : [...shown, `... ${rest} more item${rest > 1 ? "s" : ""}`];
  }
}
