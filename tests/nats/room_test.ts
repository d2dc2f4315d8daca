import { assertEquals } from "@std/assert";
import { Room } from "../../src/nats/room.ts";

/** The time in the tests. It stands still unless they say otherwise. */
const NOW = 1_000;

function takeAll(room: Room, now = NOW): number {
  while (room.take(now));
  return room.taken;
}

Deno.test("Room takes a command for each thread when commands are slow", () => {
  const room = new Room(() => 3, 100);
  for (let i = 0; i < 100; i++) {
    room.take(NOW);
    room.leave(1_000, NOW);
  }
  assertEquals(takeAll(room), 3);
  room.leave(1_000, NOW);
  assertEquals(room.take(NOW), true);
  assertEquals(room.take(NOW), false);
});

Deno.test("Room takes more commands the quicker they are, up to its limit", () => {
  const counts = [25, 10, 0.01].map((milliseconds) => {
    const room = new Room(() => 1, 100);
    for (let i = 0; i < 100; i++) {
      room.take(NOW);
      room.leave(milliseconds, NOW);
    }
    return takeAll(room);
  });
  assertEquals(counts, [4, 10, 100]);
});

Deno.test("Room counts the time that commands share for each of them", () => {
  const room = new Room(() => 1, 100);
  for (let i = 0; i < 100; i++) {
    room.take(NOW);
    room.take(NOW);
    // Two commands of 25 ms on one thread.
    room.leave(50, NOW);
    room.leave(25, NOW);
  }
  assertEquals(takeAll(room), 4);
});

Deno.test("Room takes few commands before it knows how long they take", () => {
  const room = new Room(() => 2, 100);
  assertEquals(takeAll(room), 8);
  room.leave(800, NOW);
  assertEquals(takeAll(room), 7);
});

Deno.test("Room takes no more than a command for each thread when none leaves for long", () => {
  const room = new Room(() => 2, 100);
  for (let i = 0; i < 100; i++) {
    room.take(NOW);
    room.leave(0.01, NOW);
  }
  room.take(NOW);
  assertEquals(takeAll(room, NOW + 200), 2);
  room.leave(0.01, NOW + 210);
  assertEquals(takeAll(room, NOW + 210), 100);
});
