/**
 * Tests the types of `run`, `command`, `runAll` and `runRaw`. This file is type-checked, never run.
 */
import type { JSockDClient, PreparedCommand } from "@x/jsockd";
import { expectTypeOf } from "expect-type";

declare const client: JSockDClient;
declare const signal: AbortSignal;

// The result has the type that the function returns, with promises awaited.
expectTypeOf(client.run((_, n: number) => n + 1, 41)).toEqualTypeOf<Promise<number>>();
expectTypeOf(client.run((_, n: number) => Promise.resolve(`${n}`), 41))
  .toEqualTypeOf<Promise<string>>();
expectTypeOf(client.run(() => [1, 2])).toEqualTypeOf<Promise<number[]>>();
expectTypeOf(client.run(() => {})).toEqualTypeOf<Promise<void>>();
expectTypeOf(client.run((_, { a, b }: { a: number; b: string }) => a + b, { a: 1, b: "x" }))
  .toEqualTypeOf<Promise<string>>();

// The result of text is unknown, or the type that the caller gives.
expectTypeOf(client.run("() => 1")).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(client.run<number>("(_, n) => n + 1", 41)).toEqualTypeOf<Promise<number>>();

// @ts-expect-error -- the parameter is a number
client.run((_, n: number) => n + 1, "41");
// @ts-expect-error -- the parameter is missing
client.run((_, n: number) => n + 1);
// @ts-expect-error -- the parameter lacks a field
client.run((_, { a, b }: { a: number; b: number }) => a + b, { a: 1 });
// @ts-expect-error -- the server calls with two arguments
client.run((_, a: number, b: number) => a + b, 1);
// @ts-expect-error -- neither text nor a function
client.run(41);

// A message handler can be passed alone or in the options.
client.run("() => 1", null, (message) => message.load);
client.run("() => 1", null, async (message) => await message.load);
client.run((_, n: number) => n, 1, { messageHandler: () => 1, signal, timeoutUs: 1000 });
// @ts-expect-error -- there is no such option
client.run("() => 1", null, { timeoutMs: 1 });
// @ts-expect-error -- a number of microseconds
client.run("() => 1", null, { timeoutUs: "1s" });

// JSON text stays text, in messages as well.
expectTypeOf(client.runRaw("() => 1", "null")).toEqualTypeOf<Promise<string>>();
client.runRaw("() => 1", "null", (messageJson) => messageJson.toUpperCase());
client.runRaw("() => 1", "null", { messageHandler: () => Promise.resolve("1"), signal });
// @ts-expect-error -- the answer must be text, too
client.runRaw("() => 1", "null", () => 1);
// @ts-expect-error -- also from a handler in the options
client.runRaw("() => 1", "null", { messageHandler: () => 1 });
// @ts-expect-error -- a parameter is text
client.runRaw("() => 1", null);
// @ts-expect-error -- a function would take and give values
client.runRaw((_: unknown, n: number) => n, "1");

// A command keeps the type of its parameter.
const increment = client.command((_, n: number) => n + 1);
expectTypeOf(increment).toEqualTypeOf<PreparedCommand<number, number>>();
expectTypeOf(increment(41, { signal })).toEqualTypeOf<Promise<number>>();
expectTypeOf(client.command<string>("(_, n) => `${n}`"))
  .toEqualTypeOf<PreparedCommand<unknown, string>>();
// @ts-expect-error -- the parameter is a number
increment("41");

expectTypeOf(client.runAll((_, n: number) => Promise.resolve(n * n), new Set([1, 2])))
  .toEqualTypeOf<Promise<number[]>>();
expectTypeOf(client.runAll("(_, n) => n", [1, "2"])).toEqualTypeOf<Promise<unknown[]>>();
// @ts-expect-error -- one of the parameters is text
client.runAll((_, n: number) => n * n, [1, "2"]);
// @ts-expect-error -- parameters must be iterable
client.runAll((_, n: number) => n * n, 1);
