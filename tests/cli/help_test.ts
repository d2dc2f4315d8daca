import { assertEquals, assertMatch } from "@std/assert";
import { defineCommand } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { commandHelp, programHelp } from "../../src/cli/help.ts";

Deno.test("commandHelp() returns description, usage, arguments and options", () => {
  const command = defineCommand({
    description: "Does a thing.",
    operands: { FILE: "the file to change", "[MORE]": "another file" },
    options: { loud: { help: "print more" }, name: { value: "NAME", help: "name to use" } },
    run: () => Promise.resolve(0),
  });
  assertEquals(
    commandHelp("do", command),
    `Does a thing.

Usage: jsockd do [OPTIONS] FILE [MORE]

Arguments:
  FILE  the file to change
  MORE  another file

Options:
  --loud       print more
  --name NAME  name to use
  -h, --help   explain this command`,
  );
});

Deno.test("programHelp() returns a list of all commands", () => {
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    assertMatch(programHelp(), new RegExp(`^  ${name} +${summary}$`, "m"));
  }
});
