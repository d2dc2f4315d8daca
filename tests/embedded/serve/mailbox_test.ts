import { assertEquals } from "@std/assert";
import { Mailbox } from "../../../src/embedded/serve/mailbox.ts";

Deno.test("Mailbox hands a chunk to whoever shares its memory", async () => {
  const mailbox = new Mailbox();
  await mailbox.put(new Uint8Array([1, 2, 3]));
  assertEquals(new Mailbox(mailbox.memory).take(), new Uint8Array([1, 2, 3]));
});

Deno.test("Mailbox.put() waits until there is room", async () => {
  const mailbox = new Mailbox();
  await mailbox.put(new Uint8Array([1]));
  const second = mailbox.put(new Uint8Array([2, 3]));
  assertEquals(mailbox.take(), new Uint8Array([1]));
  // To wait for shared memory does not keep Deno running; in a server, the sockets do.
  const timer = setInterval(() => {}, 1000);
  await second.finally(() => clearInterval(timer));
  assertEquals(mailbox.take(), new Uint8Array([2, 3]));
});

Deno.test("Mailbox.take() gives up in time", () => {
  assertEquals(new Mailbox().take(1), undefined);
});
