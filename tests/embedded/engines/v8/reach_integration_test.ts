import { assertEquals, assertMatch } from "@std/assert";
import { ServerProcess } from "../../../support/server_process.ts";
import { V8_SERVER } from "./server.ts";

/** Returns the types of two globals of Deno in the realm of a value, found through its constructors. */
const GLOBALS_OF = `(value) => {
  try { return value.constructor.constructor("return typeof Deno + typeof postMessage")(); }
  catch { return "undefinedundefined"; }
}`;

/** Expressions for values that the server creates or passes on. */
const SERVER_VALUES: Readonly<Record<string, string>> = {
  "the global object": "globalThis",
  "its prototype": "Object.getPrototypeOf(globalThis)",
  "InternalError": "[InternalError, InternalError.prototype, new InternalError('x')]",
  "the parameter": "param",
  "the module": "module",
  "a function of console": "console.log",
  "what console.log() returns": "[console.log('x')]",
  "JSockD": "JSockD",
  "JSockD.sendMessage": "JSockD.sendMessage",
  "what sendMessage() returns": "JSockD.sendMessage({ a: 1 })",
  "an encoded text": "new TextEncoder().encode('é').buffer",
  "what encodeInto() returns": "new TextEncoder().encodeInto('é', new Uint8Array(2))",
  "a decoder": "new TextDecoder()",
  "a stream": "new ReadableStream()",
  "what a decoder throws": "caught(() => new TextDecoder('none'))",
  "what decoding throws":
    "caught(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])))",
  "what sendMessage() throws": "caught(() => JSockD.sendMessage(1n))",
  "what import() rejects with": "await import('node:fs').catch((error) => error)",
  "the promise of import()": "(() => { const p = import('x'); p.catch(() => {}); return p; })()",
  "an error's call sites": `(() => { let sites; Error.prepareStackTrace = (_, s) => sites = s;
    new Error().stack; sites ??= [];
    return [Error.prepareStackTrace, ...sites.flatMap((s) => [s.getThis(), s.getFunction(), s])]; })()`,
  "the errors of a stack overflow": `(() => { const thrown = [];
    const deep = () => { try { deep(); } catch (e) { thrown.push(e); }
      try { new TextEncoder().encode('x'); } catch (e) { thrown.push(e); }
      try { console.log(); } catch (e) { thrown.push(e); } };
    deep(); return thrown.slice(0, 500); })()`,
};

Deno.test("a V8 server keeps Deno out of reach when a command inspects what the server gives it", async (t) => {
  await using running = await ServerProcess.start(V8_SERVER, {
    env: { SECRET: "x" },
    args: ["-b", "00", "-t", "10000000"],
  });
  const connection = await running.connect();

  for (const [what, expression] of Object.entries(SERVER_VALUES)) {
    await t.step(`through ${what}`, async () => {
      await connection.send(`c\0async (module, param) => {
        const globalsOf = ${GLOBALS_OF};
        const caught = (f) => { try { f(); } catch (error) { return error; } };
        return [${expression}].flat(2).map(globalsOf).filter((it) => it !== "undefinedundefined");
      }\0{"a":1}\0`);
      let record = await connection.nextOfCommand();
      if (record.type === "message") {
        await connection.send(`c\0{"b":2}\0`);
        record = await connection.nextOfCommand();
      }
      assertEquals([record.type, record.data], ["ok", "[]"]);
    });
  }

  await t.step("the realm has the globals of jsockd but none of Deno", async () => {
    const globals: string[] = await connection.value(
      "() => Object.getOwnPropertyNames(globalThis)",
    );
    const unwanted = [
      "Deno",
      "fetch",
      "postMessage",
      "setTimeout",
      "self",
      "process",
      "WebAssembly",
    ];
    assertEquals(globals.filter((name) => unwanted.includes(name)), []);
    for (const name of ["JSockD", "console", "TextEncoder", "ReadableStream", "InternalError"]) {
      assertEquals(globals.includes(name), true, name);
    }
  });

  await t.step("import() is refused, also in eval()", async () => {
    for (const name of ["node:fs", "npm:react", "data:text/javascript,1", "file:///etc/passwd"]) {
      for (const source of [`import("${name}")`, `eval('import("${name}")')`]) {
        const { errorMessage } = await connection.exception(`() => ${source}`);
        assertMatch(
          errorMessage,
          /^(ReferenceError: JSockD doesn't allow|TypeError: A dynamic import)/,
        );
      }
    }
  });

  await t.step("the realm has no function that posts messages", async () => {
    const names = ["postMessage", "onmessage", "close", "importScripts", "dispatchEvent"];
    const query = `(_, names) => names.map((name) => typeof globalThis[name])`;
    const types = await connection.value(query, JSON.stringify(names));
    assertEquals(types, names.map(() => "undefined"));
  });
});

Deno.test("a V8 server answers correctly when a command has replaced built-in functions", async () => {
  await using running = await ServerProcess.start(V8_SERVER);
  const connection = await running.connect();
  await connection.value(`() => {
    JSON.stringify = JSON.parse = Object.keys = Reflect.apply = () => { throw new Error("changed"); };
    Promise.prototype.then = Array.prototype[Symbol.iterator] = String.prototype.slice = null;
    Object.defineProperty(Object.prototype, "code", { get() { throw new Error("changed"); } });
    Error.prepareStackTrace = () => { throw new Error("changed"); };
    return 1;
  }`);
  assertEquals(await connection.value("(_, n) => ({ n })", "1"), { n: 1 });
  assertEquals(await connection.value("async (_, n) => [n]", "2"), [2]);
  // Exceptions are formatted by JavaScript of the realm, which the changes may make throw.
  const { errorMessage } = await connection.exception("() => { throw new RangeError('r'); }");
  assertMatch(errorMessage, /^(RangeError: r|exception)/);
  assertEquals(
    (await connection.exception("() => { for (;;); }")).errorMessage,
    "InternalError: interrupted",
  );
});
