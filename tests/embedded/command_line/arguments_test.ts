import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseArguments, UsageError } from "../../../src/embedded/command_line/arguments.ts";

Deno.test("parseArguments() returns defaults when flags are missing", () => {
  assertEquals(parseArguments(["-s", "a", "b"]), {
    type: "serve",
    options: {
      engine: "quickjs",
      maxMemoryMb: undefined,
      maxMemoryBytes: undefined,
      sockets: ["a", "b"],
      module: undefined,
      sourceMap: undefined,
      maxCommandRuntimeUs: 250_000,
      maxIdleTimeUs: 0,
      separator: 0x0A,
    },
  });
});

Deno.test("parseArguments() accepts flags in any order", () => {
  const options = [["-m", "m"], ["-sm", "s"], ["-t", "7"], ["-i", "0"], ["-b", "fF"], ["-s", "a"]];
  const expected = parseArguments(options.flat());
  assertEquals(parseArguments(options.toReversed().flat()), expected);
  assertEquals(expected, {
    type: "serve",
    options: {
      engine: "quickjs",
      maxMemoryMb: undefined,
      maxMemoryBytes: undefined,
      sockets: ["a"],
      module: "m",
      sourceMap: "s",
      maxCommandRuntimeUs: 7,
      maxIdleTimeUs: 0,
      separator: 0xFF,
    },
  });
});

Deno.test("parseArguments() accepts sockets that begin with a hyphen when they follow --", () => {
  const action = parseArguments(["-s", "a", "-t", "1", "-s", "--", "-t", "-s"]);
  assertEquals(action.type === "serve" && action.options.sockets, ["a", "-t", "-s"]);
});

Deno.test("parseArguments() returns the action of -v, -k, -e and -c", () => {
  assertEquals(parseArguments(["-v"]), { type: "version" });
  assertEquals(parseArguments(["-k", "p"]), { type: "generateKeys", prefix: "p" });
  assertEquals(parseArguments(["-e", "-"]), {
    type: "evaluate",
    engine: "quickjs",
    code: "-",
    module: undefined,
    sourceMap: undefined,
  });
  const compile = { type: "compile", engine: "quickjs", source: "in", output: "out" } as const;
  assertEquals(parseArguments(["-c", "in", "out"]), { ...compile, privateKey: undefined });
  for (const flag of ["-pk", "-k"]) {
    assertEquals(parseArguments([flag, "key", "-ss", "-c", "in", "out"]), {
      ...compile,
      privateKey: "key",
    });
  }
});

Deno.test("parseArguments() accepts --engine and --max-memory when they come first", () => {
  const action = parseArguments(
    ["--max-memory", "64", "--engine", "v8", "--max-memory-bytes", "128", "-s", "a"],
  );
  assert(action.type === "serve");
  const { engine, maxMemoryMb, maxMemoryBytes } = action.options;
  assertEquals({ engine, maxMemoryMb, maxMemoryBytes }, {
    engine: "v8",
    maxMemoryMb: 64,
    maxMemoryBytes: 128,
  });
  const evaluation = parseArguments(["--engine", "v8", "-e", "1"]);
  assert(evaluation.type === "evaluate");
  assertEquals(evaluation.engine, "v8");
});

const MISTAKES: readonly [string[], string][] = [
  [["--engine", "spidermonkey", "-s", "a"], "it takes quickjs or v8"],
  [["--engine"], "it takes quickjs or v8"],
  [["--max-memory", "0", "-s", "a"], "a number of megabytes, at least 1"],
  [["-s", "a", "--engine", "v8"], "Cannot use '--engine': there is no such flag"],
  [[], "Cannot start without"],
  [["-t", "1"], "Cannot start without"],
  [["-x"], "Cannot use '-x': there is no such flag"],
  [["x"], "Cannot use 'x': there is no such flag"],
  [["constructor", "x"], "Cannot use 'constructor': there is no such flag"],
  [["-s"], "Cannot use -s without SOCKET..."],
  [["-s", "--"], "Cannot use -s without SOCKET..."],
  [["-c", "in"], "Cannot use -c without MODULE.mjs OUT"],
  [["-s", "a", "-t"], "Cannot use -t without MICROSECONDS"],
  [["-s", "a", "-t", "0"], "at least 1"],
  [["-s", "a", "-t", "1.5"], "Cannot use -t with '1.5'"],
  [["-s", "a", "-t", "1", "-t", "1"], "Cannot use -t twice"],
  [["-s", "a", "-i", "-1"], "Cannot use -i with '-1'"],
  [["-s", "a", "-b", "0"], "Cannot use -b with '0'"],
  [["-s", "a", "-sm", "map"], "Cannot use -sm without -m"],
  [["-s", "a", "-v"], "Cannot use -s together with -v"],
  [["-c", "in", "out", "-ss", "-sd"], "Cannot use -ss together with -sd"],
  [["-s", ...Array.from({ length: 257 }, (_, i) => `${i}`)], "Cannot serve 257 sockets"],
];

for (const [args, message] of MISTAKES) {
  const shown = JSON.stringify(args.slice(0, 6));
  Deno.test(`parseArguments() throws "${message}" when it is given ${shown}`, () => {
    assertThrows(() => parseArguments(args), UsageError, message);
  });
}
