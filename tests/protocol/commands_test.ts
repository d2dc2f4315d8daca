import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { concat } from "@std/bytes/concat";
import fc from "fast-check";
import { JSockDClientError } from "../../src/common/errors.ts";
import {
  encodeCommand,
  encodeMessageResponse,
  FieldDecoder,
  INTERNAL_ERROR,
  MAX_FIELD_BYTES,
  MAX_ID_BYTES,
} from "../../src/protocol/mod.ts";
import { cutAt, transform } from "../support/transform.ts";

const decode = (chunks: Iterable<Uint8Array>) => transform(new FieldDecoder(), chunks);

/** Arbitrary text that can be sent as a field. */
const field = fc.string({ unit: "binary", minLength: 1 })
  .map((text) => text.replaceAll("\0", "0").toWellFormed())
  .filter((text) => !text.startsWith("?"));
const id = field.filter((text) =>
  !text.includes(" ") && new TextEncoder().encode(text).length <= MAX_ID_BYTES
);

/** Each kind of field, and a function that encodes a command or an answer with it. */
const PLACES = [
  ["query", (text: string) => encodeCommand("a", text, "1")],
  ["parameter", (text: string) => encodeCommand("a", "() => 1", text)],
  ["message answer", (text: string) => encodeMessageResponse("a", text)],
] as const;
const ID_PLACES = [
  ["ID", (text: string) => encodeCommand(text, "() => 1", "1")],
  ["ID", (text: string) => encodeMessageResponse(text, "1")],
] as const;

/** Returns the name of the function that a place encodes with. */
function encoderName(encode: (text: string) => unknown): string {
  return encode === ID_PLACES[1][1] || encode === PLACES[2][1]
    ? "encodeMessageResponse()"
    : "encodeCommand()";
}

function assertRefused(encode: () => unknown, ...messageParts: string[]): void {
  const error = assertThrows(encode, JSockDClientError);
  assertEquals(error.code, "INVALID_COMMAND");
  for (const part of messageParts) assertStringIncludes(error.message, part);
}

Deno.test("encodeCommand() puts a NUL after each field", () => {
  assertEquals(
    encodeCommand("é", "() => '€'", `"😀"`),
    new TextEncoder().encode(`é\0() => '€'\0"😀"\0`),
  );
});

Deno.test("encodeMessageResponse() puts a NUL after each field", () => {
  assertEquals(
    encodeMessageResponse("a", INTERNAL_ERROR),
    new TextEncoder().encode("a\0internal_error\0"),
  );
});

Deno.test("encodeCommand() returns bytes that FieldDecoder decodes, however they are chunked", () => {
  const commands = fc.array(fc.tuple(id, field, field), { maxLength: 10 });
  fc.assert(fc.property(commands, fc.array(fc.nat(500)), (commands, cuts) => {
    const bytes = concat(commands.map((command) => encodeCommand(...command)));
    const positions = cuts.filter((position) => position <= bytes.length);
    assertEquals(
      decode(cutAt(bytes, positions)),
      commands.flat().map((text) => ({ text, tooLong: false })),
    );
  }));
});

Deno.test("encodeMessageResponse() returns bytes that FieldDecoder decodes, however they are chunked", () => {
  fc.assert(fc.property(id, field, fc.nat(200), (id, response, cut) => {
    const bytes = encodeMessageResponse(id, response);
    assertEquals(
      decode(cutAt(bytes, [Math.min(cut, bytes.length)])),
      [id, response].map((text) => ({ text, tooLong: false })),
    );
  }));
});

Deno.test("encodeCommand() replaces half of a surrogate pair with U+FFFD", () => {
  assertEquals(decode([encodeCommand("a", "'\ud800'", "1")])[1]?.text, "'\uFFFD'");
});

for (const [name, encode] of [...PLACES, ...ID_PLACES]) {
  const encoder = encoderName(encode);

  Deno.test(`${encoder} throws when the ${name} is empty`, () => {
    assertRefused(() => encode(""), `Cannot send the ${name} ""`, "empty");
  });

  Deno.test(`${encoder} throws when the ${name} begins with a question mark`, () => {
    for (const text of ["?", "?quit", "?reset"]) {
      assertRefused(() => encode(text), `Cannot send the ${name} "${text}"`, "control command");
    }
    assert(encode("a?").length > 0);
  });

  Deno.test(`${encoder} throws when the ${name} contains a NUL`, () => {
    for (const [text, index] of [["\0", 0], ["a\0", 1], ["ab\0c", 2]] as const) {
      assertRefused(() => encode(text), `Cannot send the ${name}`, `NUL at index ${index}`);
    }
  });

  Deno.test(`${encoder} throws an error with only the beginning of the ${name} when that is long`, () => {
    const error = assertThrows(() => encode(`${"x".repeat(1000)}\0`), JSockDClientError);
    assertStringIncludes(error.message, "x…");
    assert(error.message.length < 300, error.message);
  });
}

for (const [name, encode] of ID_PLACES) {
  const encoder = encoderName(encode);

  Deno.test(`${encoder} throws when the ${name} contains a space`, () => {
    for (const text of [" ", " a", "a b"]) assertRefused(() => encode(text), "space");
  });

  Deno.test(`${encoder} throws when the ${name} has more than 32 bytes of UTF-8`, () => {
    for (const text of ["x".repeat(33), `${"é".repeat(16)}a`, `${"😀".repeat(8)}a`]) {
      assertRefused(() => encode(text), "33 bytes", "32");
    }
  });

  Deno.test(`${encoder} encodes an ${name} of 32 bytes`, () => {
    for (const text of ["x".repeat(32), "é".repeat(16), "😀".repeat(8)]) {
      assertEquals(decode([encode(text)])[0], { text, tooLong: false });
    }
  });
}

for (const [name, encode] of PLACES.slice(0, 2)) {
  for (const [unit, bytes] of [["x", 1], ["é", 2], ["€", 3], ["😀", 4]] as const) {
    Deno.test(`encodeCommand() throws when a ${name} of "${unit}" has 1 MiB or more`, () => {
      const count = Math.floor(MAX_FIELD_BYTES / bytes);
      const most = unit.repeat(count) + "x".repeat(MAX_FIELD_BYTES - count * bytes);
      const fields = decode([encode(most)]);
      assert(fields.every((field) => !field.tooLong));
      assert(fields.some((field) => field.text === most));
      assertRefused(() => encode(`${most}x`), `${MAX_FIELD_BYTES + 1} bytes`, `${MAX_FIELD_BYTES}`);
    });
  }
}

for (const [unit, bytes] of [["x", 1], ["é", 2], ["😀", 4]] as const) {
  Deno.test(`encodeMessageResponse() throws when ID and answer of "${unit}" have 1 MiB or more`, () => {
    const limit = MAX_FIELD_BYTES - "id\0\0".length;
    const count = Math.floor(limit / bytes);
    const most = unit.repeat(count) + "x".repeat(limit - count * bytes);
    assertEquals(decode([encodeMessageResponse("id", most)])[1]?.text === most, true);
    assertRefused(
      () => encodeMessageResponse("id", `${most}x`),
      "Cannot send the message answer",
      `${MAX_FIELD_BYTES + 1} bytes`,
    );
    assertRefused(() => encodeMessageResponse("id1", most), `${MAX_FIELD_BYTES + 1} bytes`);
  });
}
