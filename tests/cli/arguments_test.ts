import { assertEquals, assertThrows } from "@std/assert";
import { checkJson, didYouMean, parseArguments, UsageError } from "../../src/cli/arguments.ts";
import { defineCommand } from "../../src/cli/command.ts";

const command = defineCommand({
  description: "Does nothing.",
  operands: { FIRST: "required", "[SECOND]": "optional" },
  options: {
    loud: { help: "say more" },
    name: { value: "NAME", help: "what to call it" },
    count: { value: "N", range: [1, 9], help: "how often" },
  },
  run: () => Promise.resolve(0),
});

Deno.test("parseArguments() returns typed options and operands", () => {
  assertEquals(parseArguments(["a", "--loud", "--name=x", "--count", "3", "b"], command), {
    values: { loud: true, name: "x", count: 3 },
    operands: ["a", "b"],
    wantsHelp: false,
  });
  assertEquals(parseArguments(["a"], command).values, {});
});

Deno.test("parseArguments() returns an option as an operand when it follows --", () => {
  assertEquals(parseArguments(["--", "--loud", "-5"], command).operands, ["--loud", "-5"]);
  assertEquals(parseArguments(["-"], command).operands, ["-"]);
});

Deno.test("parseArguments() returns a negative number as an operand", () => {
  for (const number of ["-5", "-0.5", "-1e3", "-2.5E-7"]) {
    assertEquals(parseArguments(["a", number, "--loud"], command).operands, ["a", number]);
  }
  assertEquals(parseArguments(["--name", "-5", "--", "a", "-5"], command), {
    values: { name: "-5" },
    operands: ["a", "-5"],
    wantsHelp: false,
  });
});

Deno.test("parseArguments() returns wantsHelp when --help is given with wrong arguments", () => {
  assertEquals(parseArguments(["--help"], command).wantsHelp, true);
  assertEquals(parseArguments(["-h", "--count", "many"], command).wantsHelp, true);
});

Deno.test("parseArguments() throws when the arguments are wrong", () => {
  const cases: [string[], string][] = [
    [[], "Cannot run this command without FIRST"],
    [["a", "b", "c"], "Cannot use 'c': expected FIRST [SECOND]"],
    [["a", "--nmae", "x"], "Cannot use --nmae: there is no such option; did you mean '--name'?"],
    [["a", "--name"], "Cannot read the arguments: Option '--name <value>' argument missing"],
    [["a", "--loud=yes"], "Cannot read the arguments: Option '--loud' does not take an argument"],
    [["a", "-5a"], "Cannot read the arguments: Unknown option '-5'"],
    [["a", "--count", "-5"], "Cannot use '-5' as --count: expected a whole number from 1 to 9"],
    [["a", "--count", "0"], "Cannot use '0' as --count: expected a whole number from 1 to 9"],
    [["a", "--count", "10"], "Cannot use '10' as --count: expected a whole number from 1 to 9"],
    [["a", "--count", "1e0"], "Cannot use '1e0' as --count"],
    [["a", "--count="], "Cannot use '' as --count"],
  ];
  for (const [args, message] of cases) {
    assertThrows(() => parseArguments(args, command), UsageError, message);
  }
});

Deno.test("didYouMean() returns the closest name, or nothing when there are no names", () => {
  assertEquals(didYouMean("rnu", ["bench", "run"]), "; did you mean 'run'?");
  assertEquals(didYouMean("rnu", []), "");
});

Deno.test("checkJson() returns the same text, or throws when it is not JSON", () => {
  assertEquals(checkJson(' {"a": 1.0} ', "the parameter"), ' {"a": 1.0} ');
  for (const text of ["", "{", "undefined", "'a'"]) {
    assertThrows(() => checkJson(text, "the parameter"), UsageError, "Cannot read the parameter");
  }
});
