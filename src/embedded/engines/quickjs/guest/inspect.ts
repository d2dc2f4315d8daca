/**
 * Shows a value as QuickJS shows it: this is what an exception that is no Error looks like, and what
 * `console.log` writes. It runs inside QuickJS, which gets its source text: it can refer to nothing
 * outside itself. It calls no getters.
 */
export function inspect(value: unknown): string {
  const MAX_DEPTH = 2;
  const MAX_STRING_LENGTH = 1000;
  const MAX_ITEMS = 100;
  const ESCAPES: Record<string, string> = {
    "\t": "\\t",
    "\r": "\\r",
    "\n": "\\n",
    "\b": "\\b",
    "\f": "\\f",
    "\\": "\\\\",
    '"': '\\"',
  };
  const BRANDS = [
    Array,
    Map,
    Set,
    WeakMap,
    WeakSet,
    WeakRef,
    Promise,
    Date,
    RegExp,
    Error,
    ArrayBuffer,
    DataView,
    Boolean,
    Number,
    String,
    Symbol,
    BigInt,
  ];
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const parents: object[] = [];
  return show(value);

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
    if (parents.length >= MAX_DEPTH) return `[${brand(object)}]`;
    parents.push(object);
    const text = showContents(object);
    parents.pop();
    return text;
  }

  function showContents(object: object): string {
    const properties = (isItem: (key: string | symbol) => boolean = () => false): string[] =>
      limited(
        Reflect.ownKeys(object).filter((key) =>
          !isItem(key) && Object.getOwnPropertyDescriptor(object, key)?.enumerable
        ),
        (key) => `${showName(key)}: ${showProperty(object, key)}`,
      );
    const isIndex = (key: string | symbol) => typeof key === "string" && /^\d+$/.test(key);
    const after = (text: string) => {
      const shown = properties();
      return shown.length === 0 ? text : `${text} { ${shown.join(", ")} }`;
    };
    if (Array.isArray(object)) {
      return `[ ${[...showItems(object), ...properties(isIndex)].join(", ")} ]`;
    }
    if (object instanceof TypedArray) {
      const items = limited(Array.from(object as Uint8Array), String);
      const size = (object as Uint8Array).length;
      return `${brand(object)}(${size}) [ ${[...items, ...properties(isIndex)].join(", ")} ]`;
    }
    if (typeof object === "function") {
      return after(`[Function ${stringProperty(object, "name") || "(anonymous)"}]`);
    }
    if (object instanceof Map) {
      const items = limited([...object], ([key, item]) => `${show(key)} => ${show(item)}`);
      return `Map(${object.size}) { ${[...items, ...properties()].join(", ")} }`;
    }
    if (object instanceof Set) {
      const items = limited([...object], show);
      return `Set(${object.size}) { ${[...items, ...properties()].join(", ")} }`;
    }
    if (object instanceof RegExp) return after(RegExp.prototype.toString.call(object));
    if (object instanceof Date && !isNaN(object.getTime())) return after(object.toISOString());
    if (object instanceof Error) return after(showError(object));
    const name = brand(object);
    return `${name === "Object" ? "" : `${name} `}{ ${properties().join(", ")} }`;
  }

  function showItems(array: unknown[]): string[] {
    let filled = 0;
    while (filled < array.length && Object.hasOwn(array, filled)) filled++;
    const items = limited(array.slice(0, filled), show);
    const empty = array.length - filled;
    return empty === 0 ? items : [...items, `<${empty} empty item${empty > 1 ? "s" : ""}>`];
  }

  function showProperty(object: object, key: string | symbol): string {
    const { get, set, value } = Object.getOwnPropertyDescriptor(object, key)!;
    if (get !== undefined && set !== undefined) return "[Getter/Setter]";
    if (get !== undefined) return "[Getter]";
    if (set !== undefined) return "[Setter]";
    return show(value);
  }

  function showError(error: Error): string {
    const message = stringProperty(error, "message");
    const stack = stringProperty(error, "stack");
    return (stringProperty(error, "name") ?? "Error") +
      (message ? `: ${message}` : "") +
      (stack === undefined ? "" : `\n${stack.replace(/\n$/, "")}`);
  }

  /** A string that the object or its prototype holds; no deeper, as QuickJS looks no deeper. */
  function stringProperty(object: object, key: string): string | undefined {
    const descriptor = Object.getOwnPropertyDescriptor(object, key) ??
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object) ?? {}, key);
    return typeof descriptor?.value === "string" ? descriptor.value : undefined;
  }

  function brand(object: object): string {
    if (typeof object === "function") return "Function";
    if (object instanceof TypedArray) {
      const { get } = Object.getOwnPropertyDescriptor(TypedArray.prototype, Symbol.toStringTag)!;
      return get!.call(object);
    }
    return BRANDS.find((candidate) => object instanceof candidate)?.name ?? "Object";
  }

  function showName(key: string | symbol): string {
    const name = typeof key === "symbol" ? key.description ?? "" : key;
    return /^([A-Za-z_$][\w$]*|0|[1-9]\d*)$/.test(name) ? name : `"${escape(name)}"`;
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
