import { assertEquals } from "@std/assert";
import { embeddedServer } from "../../../../src/embedded/mod.ts";
import { ServerProcess } from "../../../support/server_process.ts";

const command = embeddedServer() as readonly [string, ...string[]];

const RESULTS: readonly [string, unknown][] = [
  [`() => [...new TextEncoder().encode("é\\0\\ud800")]`, [0xC3, 0xA9, 0, 0xEF, 0xBF, 0xBD]],
  [`() => [...new TextEncoder().encode()]`, []],
  [`() => new TextEncoder().encodeInto("aé€", new Uint8Array(5))`, { read: 2, written: 3 }],
  [`() => new TextDecoder().decode(new Uint8Array([0x61, 0, 0xC3, 0xA9]))`, "a\0é"],
  [`() => new TextDecoder().decode(new Uint8Array([1, 0x61, 0x62, 1]).subarray(1, 3))`, "ab"],
  [`() => new TextDecoder().decode()`, ""],
  [`() => new TextDecoder().decode(new Uint8Array([0xFF]))`, "\ufffd"],
  [`() => new TextDecoder("latin1").encoding`, "windows-1252"],
  [
    `() => { const decoder = new TextDecoder();
       return decoder.decode(new Uint8Array([0xE2, 0x82]), { stream: true }) +
         decoder.decode(new Uint8Array([0xAC])); }`,
    "€",
  ],
  [
    `() => { const decoder = new TextDecoder("utf-8", { fatal: true });
       try { decoder.decode(new Uint8Array([0xFF])); } catch (error) { return error instanceof TypeError; } }`,
    true,
  ],
  [
    `() => { try { new TextDecoder("none"); } catch (error) { return error instanceof RangeError; } }`,
    true,
  ],
  [
    `() => Object.keys(globalThis)`,
    ["TextDecoder", "TextEncoder", "JSockD", "console"],
  ],
  [
    `() => { globalThis.WritableStream = 7; return typeof ReadableStream + WritableStream; }`,
    "function7",
  ],
  [
    `() => [String(JSockD), Object.keys(JSockD), JSockD.length, new JSockD() instanceof JSockD]`,
    ["function JSockD() {\n    [native code]\n}", [], 2, true],
  ],
  [`() => [console.log.length, JSockD.sendMessage.length]`, [1, 1]],
  [
    `() => { try { JSockD.sendMessage(1n); } catch (error) { return error.stack.split("\\n")[0]; } }`,
    "    at sendMessage (native)",
  ],
  [
    `() => { const names = Object.getOwnPropertyNames(globalThis);
       return names.slice(names.indexOf("DataView"), names.indexOf("WeakRef")); }`,
    ["DataView", "Atomics", "Promise"],
  ],
  [
    `() => { const a = new Int8Array([5]);
       return [Atomics.compareExchange(a, 0, 261, 7), Atomics.add(a, 0, 200), Atomics.load(a, 0),
         Atomics.sub(a, 0, 1), Atomics.xor(a, 0, 3), Atomics.store(a, 0, 1.5), a[0]]; }`,
    [5, 7, -49, -49, -50, 1, 1],
  ],
  [
    `() => { const a = new BigInt64Array([5n]);
       return [Atomics.or(a, 0, 2n), Atomics.and(a, 0, 6n), Atomics.exchange(a, 0, -(2n ** 63n)), a[0]].map(String); }`,
    ["5", "7", "6", "-9223372036854775808"],
  ],
  [
    `() => [
       () => Atomics.add(new Float32Array(1), 0, 1), () => Atomics.load(new Int8Array(1), 1),
       () => Atomics.load(new Int8Array(1), -1), () => Atomics.pause(1.5),
       () => Atomics.wait(new Int32Array(1), 0, 0),
       () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
       () => Atomics.notify(new Int32Array(1), 0),
     ].map((f) => { try { return f(); } catch ({ message }) { return message; } })`,
    [
      "integer TypedArray expected",
      "out-of-bound access",
      "invalid array index",
      "not an integral number",
      "not a SharedArrayBuffer TypedArray",
      "cannot block in this thread",
      0,
    ],
  ],
  [`() => { JSON.parse = JSON.stringify = Object.keys = null; return { fine: 1 }; }`, { fine: 1 }],
];

Deno.test("the globals in QuickJS", async (t) => {
  for (const [query, result] of RESULTS) {
    await t.step(`work in ${query.split("\n")[0]}`, async () => {
      await using running = await ServerProcess.start(command);
      const connection = await running.connect();
      assertEquals(await connection.value(query), result);
    });
  }
});

Deno.test("TextDecoder leaves no memory behind when it is collected", async () => {
  await using running = await ServerProcess.start(command, {
    args: ["-b", "00", "-t", "20000000"],
  });
  const connection = await running.connect();
  const query = "() => { for (let i = 0; i < 1000; i++) new TextDecoder().decode(); return 1; }";
  const usages: number[] = [];
  for (let i = 0; i < 4; i++) {
    await connection.value(query);
    usages.push(JSON.parse(await connection.control("?memusage")).malloc_size);
  }
  assertEquals(usages[3], usages[1]);
});
