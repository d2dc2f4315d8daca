/**
 * Creates a function that formats a value as QuickJS does, for exceptions and `console`. It calls no
 * getters. It recognizes a class by a value's internal slots, not by its prototype.
 *
 * A NUL in the text marks where QuickJS would begin another write, because the lines of a log depend on
 * it. A string that QuickJS writes as a C string ends at its first NUL.
 *
 * Guest code: its source text is evaluated inside the engine, so it must not refer to anything outside
 * itself.
 *
 * @param stackOf Returns the stack trace of an error. By default, `stack` is read as a data property.
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
  /** Methods that throw unless they are called on an object of the class. */
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
    // A trap of a proxy may call `console`, and so this function, while it runs.
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
    const index = parents.indexOf(object);
    if (index >= 0) return `[circular ${index}]`;
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

  /** Returns whether a `Symbol.toStringTag` can replace the object's class in its default text. */
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
    const properties = (isExcluded: (key: PropertyKey) => boolean = () => false): string[] =>
      limited(
        ownKeys(object).filter((key) =>
          !isExcluded(key) && getOwnPropertyDescriptor(object, key)?.enumerable
        ),
        (key) => `${showName(key)}: ${showProperty(object, key)}`,
      );
    const withProperties = (text: string) => {
      const shown = properties();
      return shown.length === 0 ? text : `${text} { ${shown.join(", ")} }`;
    };
    const braces = (before: string, shown: string[]) => `${before}{ ${shown.join(", ")} }`;
    if (typeof object === "function") {
      const functionName = cString(stringProperty(object, "name") || "(anonymous)");
      return withProperties(`[Function ${NEW_WRITE}${functionName}${NEW_WRITE}]`);
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
        return withProperties(showRegExp(object));
      case "Date":
        return isNaN(dateTime.call(object as Date))
          ? braces("Date ", properties())
          : withProperties(dateText.call(object as Date));
      case "Error":
        return withProperties(showError(object));
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

  /** Returns whether QuickJS stores the array's items contiguously. It formats other arrays as objects. */
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

  /** Returns a string property of the object or its prototype. QuickJS looks no further, either. */
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
