import { assertEquals, assertMatch } from "@std/assert";
import { defineCommand } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { commandHelp, programHelp } from "../../src/cli/help.ts";

Deno.test("commandHelp() follows from the command's table", () => {
  const command = defineCommand({
    description: "Does a thing.",
    operands: { FILE: "what to do it to", "[MORE]": "what else" },
    options: { loud: { help: "say more" }, name: { value: "NAME", help: "what to call it" } },
    run: () => Promise.resolve(0),
  });
  assertEquals(
    commandHelp("do", command),
    `Does a thing.

Usage: jsockd do [OPTIONS] FILE [MORE]

Arguments:
  FILE  what to do it to
  MORE  what else

Options:
  --loud       say more
  --name NAME  what to call it
  -h, --help   explain this command`,
  );
});

Deno.test("programHelp() lists every command", () => {
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    assertMatch(programHelp(), new RegExp(`^  ${name} +${summary}$`, "m"));
  }
});
