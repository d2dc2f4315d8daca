import { assertEquals } from "@std/assert";
import { Deadlines } from "../src/deadlines.ts";

Deno.test("Deadlines falls due in the order of the times, not of the calls", async () => {
  const deadlines = new Deadlines();
  const due: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  deadlines.set(60, () => {
    due.push("third");
    resolve();
  });
  deadlines.set(20, () => due.push("first"));
  deadlines.set(40, () => due.push("second"));
  await promise;
  assertEquals(due, ["first", "second", "third"]);
  deadlines.close();
});

Deno.test("Deadlines forgets one that was met", async () => {
  const deadlines = new Deadlines();
  const due: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const met = deadlines.set(10, () => due.push("met"));
  deadlines.set(10, () => {
    due.push("missed");
    resolve();
  });
  met();
  await promise;
  assertEquals(due, ["missed"]);
  deadlines.close();
});

Deno.test("Deadlines may be set again when one falls due", async () => {
  const deadlines = new Deadlines();
  const { promise, resolve } = Promise.withResolvers<void>();
  deadlines.set(1, () => deadlines.set(1, resolve));
  await promise;
  deadlines.close();
});

Deno.test("Deadlines leaves no timer once it is closed", () => {
  const deadlines = new Deadlines();
  deadlines.set(1_000_000, () => {});
  deadlines.close();
});
