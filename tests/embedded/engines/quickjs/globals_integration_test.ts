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
    `() => Object.getOwnPropertyDescriptor(globalThis, "TextEncoder").enumerable`,
    false,
  ],
  [
    `() => { globalThis.WritableStream = 7; return typeof ReadableStream + WritableStream; }`,
    "function7",
  ],
  [`() => { JSON.parse = JSON.stringify = Object.keys = null; return { fine: 1 }; }`, { fine: 1 }],
];

Deno.test("the globals of the embedded server", async (t) => {
  for (const [query, result] of RESULTS) {
    await t.step(`give what they should for ${query.split("\n")[0]}`, async () => {
      await using running = await ServerProcess.start(command);
      const connection = await running.connect();
      assertEquals(await connection.value(query), result);
    });
  }
});

Deno.test("decoders that are gone leave nothing behind", async () => {
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
