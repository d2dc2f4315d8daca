import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { JSockDClientError } from "../../mod.ts";
import {
  encode,
  formatRequestLine,
  parseRequestLine,
  type RequestLine,
  splitRequest,
} from "../../src/nats/wire.ts";

const line: fc.Arbitrary<RequestLine> = fc.record({
  ms: fc.nat(),
  answers: fc.constant(true as const),
  idempotent: fc.constant(true as const),
  isolated: fc.constant(true as const),
  bytes: fc.nat(),
}, { requiredKeys: ["ms"] }).chain((rest) =>
  fc.oneof(
    fc.record({ name: fc.string(), hasParam: fc.boolean() }).map((call) => ({ ...rest, call })),
    fc.string().map((query) => ({ ...rest, query })),
  )
);

Deno.test("parseRequestLine() returns what formatRequestLine() was given", () => {
  fc.assert(fc.property(line, (value) => {
    assertEquals(parseRequestLine(formatRequestLine(value)), value);
  }));
});

Deno.test("splitRequest() splits a request where its first line ends, whatever the parameter holds", () => {
  fc.assert(fc.property(line, fc.string({ unit: "binary" }), (value, param) => {
    const text = formatRequestLine(value);
    const { line, rest } = splitRequest(encode(`${text}\n${param}`));
    assertEquals(line, text);
    assertEquals(rest, encode(param));
  }));
});

Deno.test("parseRequestLine() throws INVALID_COMMAND for anything else", () => {
  const bad = [
    ...["", "{", "null", "[]", "1", "{}", '{"ms":1}', '{"query":1,"ms":1}', '{"query":"x"}'],
    ...['{"query":"x","ms":-1}', '{"query":"x","ms":1.5}', '{"query":"x","ms":"1"}'],
    ...['{"call":"x","ms":1}', '{"call":{"name":1,"hasParam":true},"ms":1}'],
    ...['{"call":{"name":"x"},"ms":1}', '{"query":"x","ms":1,"bytes":-1}'],
    ...['{"query":"x","ms":1,"answers":false}', '{"query":"x","ms":1,"isolated":1}'],
  ];
  for (const text of bad) {
    const error = assertThrows(() => parseRequestLine(text), JSockDClientError, undefined, text);
    assertEquals(error.code, "INVALID_COMMAND");
  }
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    try {
      parseRequestLine(JSON.stringify(value));
    } catch (error) {
      assertEquals((error as JSockDClientError).code, "INVALID_COMMAND");
    }
  }));
});

Deno.test("splitRequest() throws INVALID_COMMAND when there is no line, or it is not UTF-8", () => {
  for (const bytes of [new Uint8Array(), encode("no end"), Uint8Array.of(0xFF, 0x0A)]) {
    const error = assertThrows(() => splitRequest(bytes), JSockDClientError);
    assertEquals(error.code, "INVALID_COMMAND");
  }
});
