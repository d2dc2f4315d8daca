import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MAX_PIECE_BYTES, Pieces } from "../../src/server/pieces.ts";

const encoder = new TextEncoder();

/** Returns all pieces of a text, as JSON. */
function cut(text: string): string[] {
  const pieces = new Pieces(text);
  const json: string[] = [];
  while (pieces.at(json.length) !== "null") json.push(pieces.at(json.length));
  return json;
}

const join = (pieces: string[]) => pieces.map((json) => JSON.parse(json)).join("");

for (
  const [what, unit] of Object.entries({
    "letters": "x",
    "quotes": '"',
    "three bytes each": "€",
    "surrogate pairs": "😀",
    "lone surrogates": "\ud83d",
    "many kinds of characters": 'aé€😀"\\\n\u2028\u0001',
  })
) {
  Deno.test(`Pieces cuts a text of ${what} into few pieces that are whole when joined`, () => {
    const text = unit.repeat(200_000 / unit.length);
    const pieces = cut(text);
    assertEquals(join(pieces) === text, true);
    const sizes = pieces.map((json) => encoder.encode(json).length);
    assert(sizes.every((size) => size <= MAX_PIECE_BYTES), `${sizes}`);
    assert(sizes.slice(0, -1).every((size) => size > MAX_PIECE_BYTES * 0.9), `${sizes}`);
  });
}

Deno.test("Pieces cuts any text into pieces that are whole when joined", () => {
  const units = fc.array(
    fc.constantFrom(..."x€😀", '"'.repeat(9_000), "\ud83d", "é".repeat(9_000)),
  );
  fc.assert(fc.property(units, (units) => {
    const text = units.join("");
    const pieces = cut(text);
    assertEquals(join(pieces) === text, true);
    assert(pieces.every((json) => encoder.encode(json).length <= MAX_PIECE_BYTES));
  }));
});

Deno.test("Pieces returns the same pieces when they are asked for again from the beginning", () => {
  const pieces = new Pieces("€".repeat(100_000));
  const once = [0, 1, 2, 3].map((index) => pieces.at(index));
  assertEquals([0, 1, 2, 3].map((index) => pieces.at(index)), once);
  assertEquals([pieces.at(99), pieces.at(NaN)], ["null", "null"]);
});
