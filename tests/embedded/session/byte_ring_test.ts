import { assertEquals } from "@std/assert";
import { ByteRing } from "../../../src/embedded/session/byte_ring.ts";

const HEADER_BYTES = 8;
const CAPACITY = 8;

/** Creates a small ring that begins at a position. */
function ringAt(position: number): ByteRing {
  const memory = new SharedArrayBuffer(HEADER_BYTES + CAPACITY);
  new Int32Array(memory, 0, 2).fill(position);
  return new ByteRing(memory);
}

function read(ring: ByteRing): number[] {
  const bytes = ring.copy(ring.releasePosition, ring.writePosition);
  ring.release(ring.writePosition);
  return [...bytes];
}

for (const position of [0, 5, -3, 2 ** 31 - 3, -(2 ** 31)]) {
  Deno.test(`ByteRing passes bytes on in order when it begins at position ${position}`, () => {
    const ring = ringAt(position);
    const other = new ByteRing(ring.memory);
    for (let i = 0; i < 20; i++) {
      assertEquals(ring.write(Uint8Array.of(i, i + 1, i + 2)), 3);
      assertEquals(read(other), [i, i + 1, i + 2]);
    }
  });

  Deno.test(`write() writes as much as fits when the ring begins at position ${position}`, () => {
    const ring = ringAt(position);
    assertEquals(ring.write(Uint8Array.of(1, 2, 3, 4, 5, 6)), 6);
    assertEquals(ring.isFull, false);
    assertEquals(ring.write(Uint8Array.of(7, 8, 9)), 2);
    assertEquals(ring.isFull, true);
    assertEquals(ring.write(Uint8Array.of(9)), 0);
    assertEquals(read(ring), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  Deno.test(`find() returns the next position of a byte when the ring begins at position ${position}`, () => {
    const ring = ringAt(position);
    ring.write(Uint8Array.of(1, 0, 2, 0));
    const first = ring.find(0, ring.releasePosition)!;
    assertEquals([...ring.copy(ring.releasePosition, first)], [1]);
    const second = ring.find(0, (first + 1) | 0)!;
    assertEquals([...ring.copy((first + 1) | 0, second)], [2]);
    assertEquals(ring.find(0, (second + 1) | 0), undefined);
    assertEquals(ring.find(7, ring.releasePosition), undefined);
  });
}

Deno.test("release() frees the space of the released bytes only", () => {
  const ring = ringAt(0);
  ring.write(new Uint8Array(CAPACITY));
  ring.release(2);
  ring.release(2);
  assertEquals(ring.write(Uint8Array.of(1, 2, 3)), 2);
});

Deno.test("waitForBytesPast() returns false when no bytes arrive in time", () => {
  const ring = ringAt(0);
  assertEquals(ring.waitForBytesPast(ring.writePosition, 1), false);
  ring.write(Uint8Array.of(1));
  assertEquals(ring.waitForBytesPast(0, Infinity), true);
});

Deno.test("waitForSpaceAsync() and waitForBytesAsync() resolve when the other end has moved", async () => {
  const ring = ringAt(0);
  // A wait for shared memory does not keep the event loop alive.
  const timer = setInterval(() => {}, 1_000);
  const filled = ring.waitForBytesAsync();
  ring.write(new Uint8Array(CAPACITY));
  ring.notifyReader();
  await filled;
  const room = ring.waitForSpaceAsync();
  ring.release(1);
  await room;
  clearInterval(timer);
});
