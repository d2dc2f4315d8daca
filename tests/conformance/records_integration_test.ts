import { assert, assertEquals, assertMatch } from "@std/assert";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

const RESULTS: readonly (readonly [what: string, query: string, param: string, data: string])[] = [
  ["JSON", "(_, p) => p", `{"a":[1,"x",null,true,-0.5e3]}`, `{"a":[1,"x",null,true,-500]}`],
  ["null", "() => null", "1", "null"],
  [
    "an array of values that are null in JSON",
    "() => [NaN, undefined, () => 1]",
    "1",
    "[null,null,null]",
  ],
  ["an object with toJSON", "() => new Date(0)", "1", `"1970-01-01T00:00:00.000Z"`],
  ["a promise of JSON", "async (_, p) => (await p) + 1", "1", "2"],
  ["a thenable that is not a promise", "() => ({ then: (done) => done(3) })", "1", "{}"],
  ["text that is not ASCII", "(_, p) => p", `"é€😀\\u00e9"`, `"é€😀é"`],
  ["control characters", "() => '\\n\\r\\t\\u0000'", "1", `"\\n\\r\\t\\u0000"`],
  ["a lone surrogate", "() => '\\ud800'", "1", `"\\ud800"`],
  ["a parameter with whitespace around it", "(_, p) => p", " \n[ 1 ]\t", "[1]"],
  ["the number of arguments", "(...all) => all.length", "1", "2"],
  ["the type of a missing module", "(module) => typeof module", "1", `"undefined"`],
  ["from a function expression", "(function f(_, p) { return p; })", "4", "4"],
  ["from an expression that evaluates to a function", "[(_, p) => p][0]", "5", "5"],
  ["from an expression with await", "await (async () => (_, p) => p)()", "6", "6"],
  ["from a query with a comment and lines", "// one\n(_, p) =>\n p // two", "7", "7"],
];

const REFUSALS: readonly (readonly [what: string, query: string, param: string, data: string])[] = [
  ["a query that does not compile", "() => {", "1", "error compiling command"],
  ["a query that throws", `(() => { throw new Error("no"); })()`, "1", "error compiling command"],
  ["a parameter that is not JSON", "() => 1", "{bad", "JSON input parse error"],
  ["an empty parameter", "() => 1", "", "JSON input parse error"],
  ["a parameter with trailing text", "() => 1", "1 2", "JSON input parse error"],
  ["a result of undefined", "() => undefined", "1", "unserializable return value"],
  ["a function as the result", "() => () => 1", "1", "unserializable return value"],
  ["a symbol as the result", "() => Symbol('s')", "1", "unserializable return value"],
  ["a BigInt as the result", "() => 1n", "1", "error attempting to JSON serialize return value"],
  [
    "a cycle in the result",
    "() => { const a = []; a.push(a); return a; }",
    "1",
    "error attempting to JSON serialize return value",
  ],
];

const THROWN: readonly (readonly [query: string, errorMessage: string])[] = [
  [`() => { throw "str"; }`, `"str"`],
  [`() => { throw { a: 1 }; }`, "{ a: 1 }"],
  [`() => { throw [1, 2]; }`, "[ 1, 2 ]"],
  [`() => { throw 5; }`, "5"],
  [`() => { throw 1n; }`, "1n"],
  [`() => { throw null; }`, "null"],
  [`() => { throw undefined; }`, "undefined"],
  [`() => { throw Symbol("s"); }`, "Symbol(s)"],
  [`() => { throw [, 1]; }`, "[ 1: 1 ]"],
  [`() => { throw [new Boolean(true), new String("s")]; }`, "[ Boolean {  }, String {  } ]"],
  [`() => { throw [1].values(); }`, '"Array Iterator" {  }'],
  [`() => { throw JSockD; }`, "[Function JSockD]"],
  [`() => Promise.reject(true)`, "true"],
  [`() => new Promise(() => {})`, "uninitialized"],
  [`42`, "TypeError: not a function"],
  [`function f() {}`, "TypeError: not a function"],
  [`({})`, "TypeError: not a function"],
];

for (const server of servers) {
  Deno.test(`${server.name}: reports each outcome of a command in a record`, async (t) => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();
    // `encodeCommand()` would refuse some of these fields.
    const run = async (query: string, param: string) => {
      await connection.send(`c\0${query}\0${param}\0`);
      return await connection.next();
    };

    for (const [what, query, param, data] of RESULTS) {
      await t.step(`ok when the result is ${what}`, async () => {
        assertEquals(await run(query, param), { type: "ok", id: "c", data });
      });
    }

    for (const [what, query, param, data] of REFUSALS) {
      await t.step(`an exception with a string for ${what}`, async () => {
        const expected = { type: "exception", id: "c", data: JSON.stringify(data) } as const;
        assertEquals(await run(query, param), expected);
      });
    }

    for (const [query, errorMessage] of THROWN) {
      await t.step(`an exception without a trace for ${query}`, async () => {
        assertEquals(await connection.exception(query), {
          errorMessage,
          trace: [],
          raw: errorMessage,
          pretty: `\n${errorMessage}`,
        });
      });
    }
  });

  Deno.test(`${server.name}: describes exceptions with`, async (t) => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();
    const { nativeFrames, messageLineSeparator, placeOfCall } = server.differences;

    await t.step("message, trace, raw and pretty text of an Error", async () => {
      const column = placeOfCall === "begin" ? "19" : "28";
      assertEquals(await connection.run(`(_, n) => { throw new Error("boom"); }`), {
        type: "exception",
        id: "c",
        data: JSON.stringify({
          errorMessage: "Error: boom",
          trace: [{ functionName: "<anonymous>", source: "<buffer>", line: "1", column }],
          raw: `Error: boom\n    at <anonymous> (<buffer>:1:${column})`,
          pretty: `\nError: boom:\n  at <anonymous> (<buffer>:1:${column})`,
        }),
      });
    });

    await t.step("a frame for each function, innermost first", async () => {
      const { errorMessage, trace } = await connection.exception(`() => {
        function inner() { null.x; }
        function outer() { inner(); }
        outer();
      }`);
      assertEquals(errorMessage, server.differences.readingNull);
      assertEquals(
        trace.map((frame: { functionName: string; line: string }) =>
          `${frame.functionName}:${frame.line}`
        ),
        ["inner:2", "outer:3", "<anonymous>:4"],
      );
    });

    await t.step("the line of a rejected promise's error", async () => {
      const { errorMessage, trace } = await connection.exception(
        `async () => {\n  await Promise.reject(new RangeError("far"));\n}`,
      );
      assertEquals(errorMessage, "RangeError: far");
      assertEquals([trace.length, trace[0].line], [1, "2"]);
    });

    await t.step("frames of native functions if the server includes them", async () => {
      const { errorMessage, trace, raw } = await connection.exception(
        `() => [1].map(() => { throw new Error("x"); })`,
      );
      assertEquals(errorMessage, "Error: x");
      assertMatch(raw, /^Error: x\n +at .*\n +at map \(native\)\n +at .*$/);
      const native = { functionName: "map", source: "native", line: null, column: null };
      assertEquals(trace.length, nativeFrames ? 3 : 2);
      if (nativeFrames) assertEquals(trace[1], native);
    });

    await t.step("the lines of the error's message", async () => {
      const { errorMessage, raw } = await connection.exception(
        `() => { throw new Error("one\\ntwo"); }`,
      );
      assertEquals(errorMessage, ["Error: one", "two"].join(messageLineSeparator));
      assert(raw.startsWith("Error: one\ntwo\n    at "), raw);
    });

    await t.step(
      "a frame of no function, if it is the engine that finds a fault in a text",
      async () => {
        const { trace, pretty } = await connection.exception(`() => JSON.parse("{")`);
        if (server.differences.faultsOfText === "none") {
          assertEquals([trace[0].functionName, trace[0].source], ["parse", "native"]);
        } else if (server.differences.placesOfNoFunction) {
          assertEquals(trace[0], { functionName: null, source: "<input>", line: "1", column: "2" });
          assertEquals(pretty.split("\n")[2], "  at <unknown> (<input>:1:2)");
        } else {
          const source = "unknown location";
          assertEquals(trace[0], { functionName: "<input>:1:2", source, line: null, column: null });
          assertEquals(pretty.split("\n")[2], "  at <input>:1:2 (unknown location)");
        }
      },
    );

    await t.step("text that is not ASCII", async () => {
      const { errorMessage } = await connection.exception(`() => { throw new Error("é€😀"); }`);
      assertEquals(errorMessage, "Error: é€😀");
    });

    await t.step(
      "the error of an endless recursion, after which the runtime still works",
      async () => {
        const { errorMessage } = await connection.exception(
          `() => { const f = () => f() + 1; f(); }`,
        );
        assertEquals(errorMessage, server.differences.stackOverflow);
        assertEquals(await connection.value("() => 1"), 1);
      },
    );
  });

  Deno.test(`${server.name}: sends results of up to 50 MB`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "20000000"],
    });
    const connection = await running.connect();
    for (const megabytes of [1, 5, 50]) {
      await t.step(`${megabytes} MB`, async () => {
        const length = megabytes * 1_000_000;
        const record = await connection.run(`(_, n) => "é".repeat(n)`, `${length / 2}`);
        assertEquals([record.type, record.data.length], ["ok", length / 2 + 2]);
        assert(record.data === `"${"é".repeat(length / 2)}"`);
      });
    }
  });
}
