import { assertEquals } from "@std/assert";
import { Deadlines } from "../../src/common/deadlines.ts";

Deno.test("Deadlines expire in the order of their times, not of the calls", async () => {
  const due: [string, number][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const deadlines = new Deadlines<string>((item, milliseconds) => {
    due.push([item, milliseconds]);
    if (due.length === 4) resolve();
  });
  const start = performance.now();
  deadlines.set("third", 60, start);
  deadlines.set("first", 20, start);
  deadlines.set("second", 40, start);
  deadlines.set("fourth", 60, start);
  await promise;
  assertEquals(due, [["first", 20], ["second", 40], ["third", 60], ["fourth", 60]]);
  deadlines.close();
});

Deno.test("Deadline.delete() removes a deadline before it expires", async () => {
  const due: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const deadlines = new Deadlines<string>((item) => {
    due.push(item);
    resolve();
  });
  const start = performance.now();
  const met = ["first", "middle", "last"].map((name) => {
    const deadline = deadlines.set(name, 10, start);
    if (name === "middle") deadlines.set("missed", 10, start);
    return deadline;
  });
  for (const deadline of met) deadline.delete();
  await promise;
  assertEquals(due, ["missed"]);
  deadlines.close();
});

Deno.test("Deadlines.set() sets a deadline when it is called as another expires", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const deadlines = new Deadlines<number>((item) => {
    if (item === 1) deadlines.set(2, 1, performance.now());
    else resolve();
  });
  deadlines.set(1, 1, performance.now());
  await promise;
  deadlines.close();
});

Deno.test("Deadlines.set() lets a deadline expire at once when it is in the past", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const deadlines = new Deadlines<number>(() => resolve());
  deadlines.set(1, 10, performance.now() - 1_000);
  await promise;
  deadlines.close();
});

Deno.test("Deadlines.close() leaves no timer", () => {
  const deadlines = new Deadlines<number>(() => {});
  deadlines.set(1, 1_000_000, performance.now());
  deadlines.close();
});
