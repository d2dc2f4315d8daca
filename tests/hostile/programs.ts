/** What a program says that would harm the machine, but finds that it is not in a sandbox. */
export const NOT_IN_SANDBOX = "It is not in a sandbox";

/** A program that does harm, or tries to. */
export interface HostileProgram {
  readonly name: string;
  /** The query. */
  readonly query: string;
  /**
   * Whether it changes globals. Without isolation, the commands after it on that thread would meet
   * the changes.
   */
  readonly changesGlobals?: true;
  /** Whether it needs the modules `std` and `os`. */
  readonly needsHost?: true;
  /** Whether it does harm to the machine unless the server is in a sandbox. */
  readonly needsSandbox?: true;
}

/** Makes a program of a function's body. */
function body(text: string): string {
  return `() => { ${text} }`;
}

/** Take memory without end. */
const BOMBS: Record<string, string> = {
  "typed arrays": "const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1));",
  "strings": "const all = []; for (let i = 0;; i++) all.push('x'.repeat(1e6) + i);",
  "a string that doubles": "let s = 'x'; for (;;) s += s;",
  "an array that grows": "const all = []; for (;;) all.push({ x: [all.length] });",
  "a sparse array that is filled": "return Array(2 ** 31).fill(1);",
  "a map": "const map = new Map(); for (let i = 0;; i++) map.set({ i }, [i]);",
  "closures": "let f = () => 1; for (;;) { const g = f, a = [1, 2, 3]; f = () => [g, a]; }",
  "array buffers": "const all = []; for (;;) all.push(new ArrayBuffer(1e8));",
  "a huge array buffer": "return new Uint8Array(new ArrayBuffer(2 ** 31 - 1)).fill(1).length;",
  "big integers": "let n = 3n; for (;;) n *= n;",
  "a regular expression's captures":
    "return 'a'.repeat(1e7).match(/(a)/g).length && 'x'.repeat(1e8).split('');",
  "joined arrays": "return Array(1e7).fill('xxxxxxxxxx'.repeat(100)).join('');",
  "text decoders": "const all = []; for (;;) all.push(new TextDecoder());",
  "errors": "const all = []; for (;;) all.push(new Error('x'.repeat(1e4)));",
};

/** Take time without end. */
const LOOPS: Record<string, string> = {
  "a loop": "for (;;);",
  "a loop that catches": "for (;;) { try { for (;;); } catch {} }",
  "a loop in finally": "try { for (;;); } finally { for (;;); }",
  "a regular expression": "return /(a+)+$/.test('a'.repeat(40) + 'b');",
  "nested quantifiers": "return /^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60));",
  "sort": "return [2, 1].sort(() => { for (;;); });",
  "sort of much": "return Array.from({ length: 5e6 }, (_, i) => -i).sort((a, b) => a - b).length;",
  "JSON.parse with a reviver": "return JSON.parse('[1]', () => { for (;;); });",
  "JSON.stringify with a replacer": "return JSON.stringify([1], () => { for (;;); });",
  "toJSON of the result": "return { toJSON() { for (;;); } };",
  "a getter of the result": "return { get x() { for (;;); } };",
  "replace": "return 'a'.replace(/a/, () => { for (;;); });",
  "valueOf": "return 1 + { valueOf() { for (;;); } };",
  "an iterator": "return [...(function* () { for (;;) yield 1; })()];",
  "a proxy": "return { ...new Proxy({}, { ownKeys() { for (;;); } }) };",
  "a proxy that is returned":
    "return new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); } });",
  "search in a long text": "const s = 'a'.repeat(2e7); return (s + 'b').indexOf(s.slice(1) + 'c');",
  "an array-like without end": "return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);",
  "console": "for (let i = 0; i < 1e7; i++) console.log(i);",
  "console of what loops": "console.log({ get x() { for (;;); } }, { toString() { for (;;); } });",
};

/** Take time without end when the function has returned. */
const ASYNC: Record<string, string> = {
  "microtasks": "const again = () => Promise.resolve().then(again); return again();",
  "many chains of microtasks":
    "const again = () => { Promise.resolve().then(again); Promise.resolve().then(again); }; again(); return new Promise(() => {});",
  "a thenable that loops": "return { then() { for (;;); } };",
  "a thenable that resolves with itself": "const t = { then(resolve) { resolve(t); } }; return t;",
  "an await loop": "return (async () => { for (;;) await null; })();",
  "a promise that never settles": "return new Promise(() => {});",
  "a loop after await": "return (async () => { await null; for (;;); })();",
};

/** Recur without end, in every kind of built-in function that calls back. */
const RECURSION: Record<string, string> = {
  "a function": "const f = () => f() + 1; return f();",
  "map": "const f = () => [1].map(f); return f();",
  "sort": "const f = () => [1, 2].sort(f); return f();",
  "replace": "const f = () => 'a'.replace(/a/, f); return f();",
  "JSON.parse": "const f = () => JSON.parse('[1]', f); return f();",
  "JSON.stringify": "const f = () => JSON.stringify({ toJSON: f }); return f();",
  "toString": "const o = { toString: () => `${o}` }; return `${o}`;",
  "a proxy": "const p = new Proxy({}, { get: (_, k, r) => r[k] }); return p.x;",
  "Reflect.apply": "const f = () => Reflect.apply(f, null, []); return f();",
  "Reflect.construct":
    "const C = function () { return Reflect.construct(C, []); }; return new C();",
  "a getter": "const o = { get x() { return this.x; } }; return o.x;",
  "Array.from": "const f = () => Array.from([1], f); return f();",
  "a tagged template": "const f = () => f``; return f();",
  "eval": "const f = () => (0, eval)('(f) => f()')(f); return f();",
  "Symbol.toPrimitive": "const o = { [Symbol.toPrimitive]: () => +o }; return +o;",
  "deep JSON": "return JSON.parse('['.repeat(2e5));",
  "a deep result": "let a = []; for (let i = 0; i < 2e5; i++) a = [a]; return a;",
};

/** Throw what does harm to whoever reports it. */
const EXCEPTIONS: Record<string, string> = {
  "whose message loops": "throw { get message() { for (;;); } };",
  "whose stack loops":
    "throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });",
  "whose name loops":
    "throw Object.defineProperty(new Error('x'), 'name', { get() { for (;;); } });",
  "whose message throws":
    "throw Object.defineProperty(new Error('x'), 'message', { get() { throw this; } });",
  "whose toString loops": "throw { toString() { for (;;); } };",
  "that are proxies":
    "throw new Proxy(new Error('x'), { get() { throw 1; }, getPrototypeOf() { throw 2; } });",
  "that are null": "throw null;",
  "that are symbols": "throw Symbol('x');",
  "that are huge": "throw new Error('x'.repeat(1e7));",
  "with causes without end": "const e = new Error('x'); e.cause = e; throw e;",
};

/** Change what other commands, or the server itself, might use. */
const CHANGES: Record<string, string> = {
  "toJSON of all objects": "Object.prototype.toJSON = () => 'pwn'; return {};",
  "toJSON that loops": "Object.prototype.toJSON = () => { for (;;); }; return {};",
  "getters of all arrays":
    "Object.defineProperty(Array.prototype, 0, { get() { for (;;); }, set() {} }); return [1];",
  "getters of all objects":
    "Object.defineProperty(Object.prototype, 'get', { value: 1 }); Object.defineProperty(Object.prototype, 'value', { get() { throw 1; } }); return 1;",
  "then of all objects": "Object.prototype.then = (f) => f('pwn'); return 1;",
  "JSON": "JSON.stringify = JSON.parse = () => 'pwn'; return 1;",
  "Promise": "Promise = function () { for (;;); }; Promise.prototype = null; return 1;",
  "then of promises":
    "Object.getPrototypeOf(async () => {}).constructor; Promise.prototype.then = () => { for (;;); }; return Promise.resolve(1);",
  "species":
    "Object.defineProperty(Array, Symbol.species, { get() { for (;;); } }); return [1].map((n) => n);",
  "apply, call and bind":
    "Function.prototype.apply = Function.prototype.call = Function.prototype.bind = () => 'pwn'; return 1;",
  "strings":
    "String.prototype.split = String.prototype.replace = RegExp.prototype.exec = () => { throw 1; }; throw new Error('x');",
  "Error":
    "Error.prepareStackTrace = () => { for (;;); }; Error.stackTraceLimit = 1e9; throw new Error('x');",
  "Map and Array":
    "Map.prototype.get = Map.prototype.set = Array.prototype.push = () => { throw 1; }; return 1;",
  "everything":
    "for (const name of Object.getOwnPropertyNames(globalThis)) { try { globalThis[name] = undefined; } catch {} } return 1;",
  "frozen prototypes":
    "for (const c of [Object, Array, Function, Promise, Error]) Object.freeze(c.prototype); return 1;",
  "messages": "JSockD.sendMessage = () => { for (;;); }; return 1;",
};

/** Leave the engine. */
const EXITS: Record<string, string> = {
  "std.exit": "return import('std').then((std) => std.exit(3));",
  "a signal to itself": "return import('os').then((os) => os.kill(os.getpid?.() ?? 0, 9));",
};

/** Do harm to the machine, if they get there. */
const MACHINE: Record<string, string> = {
  "a fork bomb":
    "for (let i = 0; i < 200; i++) start('/usr/bin/prlimit', '--', '/usr/bin/prlimit');",
  "shells": "for (let i = 0; i < 100; i++) { try { std.popen('sleep 1', 'r'); } catch {} }",
  "a file in each folder":
    "for (const folder of folders('', 3)) std.open(folder + '/hostile', 'w')?.close();",
  "the contents of all files":
    "for (const folder of folders('', 4)) for (const name of names(folder)) std.loadFile(folder + '/' + name)?.length;",
  "signals to all processes": "os.kill(-1, 9);",
  "a signal to the first process": "os.kill(1, 9);",
  "closed files": "for (let file = 0; file < 256; file++) os.close(file);",
};

/** Makes the body of a program for the machine, which refuses to run outside of a sandbox. */
function inSandboxOnly(text: string): string {
  return `return Promise.all([import("std"), import("os")]).then(([std, os]) => {
    if (os.stat("/home")[1] === 0) throw new Error("${NOT_IN_SANDBOX}");
    const names = (folder) => os.readdir(folder || "/")[0].filter((name) => name[0] !== ".");
    const folders = (folder, depth) =>
      [folder, ...depth === 0 ? [] : names(folder).flatMap((name) => folders(folder + "/" + name, depth - 1))];
    const start = (...words) => { try { os.exec(words, { block: false }); } catch {} };
    ${text}
  })`;
}

const MACHINE_PROGRAMS = Object.fromEntries(
  Object.entries(MACHINE).map(([name, text]) => [name, inSandboxOnly(text)]),
);

function group(
  kind: string,
  programs: Record<string, string>,
  more: Partial<HostileProgram> = {},
): HostileProgram[] {
  return Object.entries(programs).map(([name, text]) => ({
    name: `${kind}: ${name}`,
    query: body(text),
    ...more,
  }));
}

/** All hostile programs. */
export const PROGRAMS: readonly HostileProgram[] = [
  ...group("memory", BOMBS),
  ...group("time", LOOPS),
  ...group("time after the call", ASYNC),
  ...group("recursion", RECURSION),
  ...group("exceptions", EXCEPTIONS),
  ...group("changed globals", CHANGES, { changesGlobals: true }),
  ...group("exit", EXITS, { needsHost: true }),
  ...group("the machine", MACHINE_PROGRAMS, { needsHost: true, needsSandbox: true }),
];
