import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeReady, parseReady } from "../../src/protocol/mod.ts";

Deno.test("parseReady() returns the number of threads and the version", () => {
  assertEquals(parseReady("READY 1 0.0.139"), { threads: 1, version: "0.0.139" });
  assertEquals(parseReady("READY 256 embedded-0.1.0"), {
    threads: 256,
    version: "embedded-0.1.0",
  });
});

Deno.test("parseReady() removes quotation marks around the version", () => {
  assertEquals(parseReady('READY 2 "0.1.5"'), { threads: 2, version: "0.1.5" });
  assertEquals(parseReady('READY 2 "0.1.5'), { threads: 2, version: '"0.1.5' });
});

Deno.test("encodeReady() returns a line that parseReady() parses", () => {
  const version = fc.string({ minLength: 1 }).filter((text) => !/[\s"]/.test(text));
  fc.assert(fc.property(fc.integer({ min: 1, max: 999_999 }), version, (threads, version) => {
    assertEquals(parseReady(encodeReady({ threads, version }).slice(0, -1)), { threads, version });
  }));
});

Deno.test("encodeReady() returns one line", () => {
  assertEquals(encodeReady({ threads: 2, version: "1.2.3" }), "READY 2 1.2.3\n");
});

for (
  const line of [
    "",
    "READY",
    "READY 1",
    "READY 1 ",
    "READY  1 0.0.139",
    "READY 0 0.0.139",
    "READY 01 0.0.139",
    "READY -1 0.0.139",
    "READY 1.5 0.0.139",
    "READY one 0.0.139",
    "READY 1 0.0.139 more",
    "READY 1 0.0.139\r",
    "READY 1 0.0.139\n",
    "READY 9999999999999999999999 0.0.139",
    " READY 1 0.0.139",
    "ready 1 0.0.139",
    "ALREADY 1 0.0.139",
  ]
) {
  Deno.test(`parseReady() returns undefined when the line is ${JSON.stringify(line)}`, () => {
    assertEquals(parseReady(line), undefined);
  });
}
