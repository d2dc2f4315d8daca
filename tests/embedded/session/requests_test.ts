import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { MAX_FIELD_BYTES } from "../../../src/protocol/limits.ts";
import { ByteRing } from "../../../src/embedded/session/byte_ring.ts";
import { type Request, Requests } from "../../../src/embedded/session/requests.ts";

const encoder = new TextEncoder();

/** Returns a request without its cursor. */
function describe(request: Request): unknown {
  if (request.type === "control") return request.text;
  return [request.id, request.query, request.param].map(({ text, tooLong }) =>
    tooLong ? "too long" : text
  );
}

/** Writes pieces to a ring one by one, and returns all requests that are read after each. */
function readAll(pieces: readonly Uint8Array[]): unknown[] {
  const ring = new ByteRing();
  const requests = new Requests(ring, 0);
  const read: unknown[] = [];
  for (let piece of pieces) {
    while (piece.length > 0) {
      piece = piece.subarray(ring.write(piece));
      for (let request; (request = requests.peek()) !== undefined;) {
        assertEquals(requests.peek(), request, "Expected peek() to change nothing");
        requests.take(request);
        read.push(describe(request));
      }
      // Copies the part of an incomplete request out of the ring.
      requests.wait(0);
    }
  }
  return read;
}

Deno.test("Requests reads commands when they arrive in any pieces", () => {
  const field = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) =>
    !/^\?|\0/.test(text)
  );
  const command = fc.tuple(field, field, field);
  const control = fc.constantFrom("?reset", "?other");
  fc.assert(
    fc.property(
      fc.array(fc.oneof(command, control)),
      fc.array(fc.nat({ max: 20 })),
      (sent, cuts) => {
        const bytes = encoder.encode(sent.map((one) => `${[one].flat().join("\0")}\0`).join(""));
        const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) =>
          a - b
        );
        const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        assertEquals(readAll(pieces), sent);
      },
    ),
  );
});

Deno.test("Requests reads a control command when it is between the fields of a command", () => {
  assertEquals(readAll([encoder.encode("a\0?x\0q\0?y\0p\0")]), ["?x", "?y", ["a", "q", "p"]]);
});

Deno.test("Requests discards a field when it is too long", () => {
  const long = new Uint8Array(MAX_FIELD_BYTES + 1).fill(0x78);
  const longest = long.subarray(1);
  const sent = [encoder.encode("a\0"), long, encoder.encode("\0p\0b\0"), longest].concat(
    encoder.encode("\0p\0"),
  );
  assertEquals(readAll(sent), [
    ["a", "too long", "p"],
    ["b", new TextDecoder().decode(longest), "p"],
  ]);
});

Deno.test("hasInput is true when a part of a request has arrived", () => {
  const ring = new ByteRing();
  const requests = new Requests(ring, 0);
  assertEquals(requests.hasInput, false);
  ring.write(encoder.encode("a"));
  assertEquals(requests.hasInput, true);
  requests.wait(0);
  assertEquals(requests.hasInput, true, "when it was copied out of the ring");
  ring.write(encoder.encode("\0q\0p\0"));
  requests.take(requests.peek()!);
  assertEquals(requests.hasInput, false);
});

Deno.test("reset() drops a command when it is incomplete", () => {
  const ring = new ByteRing();
  const requests = new Requests(ring, 0);
  ring.write(encoder.encode("a\0q\0?reset\0b\0q\0p\0"));
  const control = requests.peek()!;
  requests.take(control);
  requests.reset();
  assertEquals(describe(requests.peek()!), ["b", "q", "p"]);
});

Deno.test("takeResponseField() returns one field after the other", () => {
  const ring = new ByteRing();
  const requests = new Requests(ring, 0);
  ring.write(encoder.encode("id\0answer\0"));
  assertEquals(requests.peekResponseField().text, "id");
  assertEquals(requests.takeResponseField().text, "id");
  assertEquals(requests.takeResponseField().text, "answer");
});
