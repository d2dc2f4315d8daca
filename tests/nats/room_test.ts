import { assertEquals } from "@std/assert";
import { Room } from "../../src/nats/room.ts";

function takeAll(room: Room): number {
  while (room.take());
  return room.taken;
}

Deno.test("Room takes a command for each thread when commands are slow", () => {
  const room = new Room(() => 3, 100);
  for (let i = 0; i < 100; i++) {
    room.take();
    room.leave(1_000);
  }
  assertEquals(takeAll(room), 3);
  room.leave(1_000);
  assertEquals(room.take(), true);
  assertEquals(room.take(), false);
});

Deno.test("Room takes more commands the quicker they are, up to its limit", () => {
  const counts = [5, 2, 0.01].map((milliseconds) => {
    const room = new Room(() => 1, 100);
    for (let i = 0; i < 100; i++) {
      room.take();
      room.leave(milliseconds);
    }
    return takeAll(room);
  });
  assertEquals(counts, [4, 10, 100]);
});

Deno.test("Room counts the time that commands share for each of them", () => {
  const room = new Room(() => 1, 100);
  for (let i = 0; i < 100; i++) {
    room.take();
    room.take();
    // Two commands of 5 ms on one thread.
    room.leave(10);
    room.leave(5);
  }
  assertEquals(takeAll(room), 4);
});
