import { assertEquals } from "@std/assert";
import { LiveLine } from "../../src/cli/screen.ts";
import { screen } from "./fake_screen.ts";

Deno.test("LiveLine writes over itself, no wider than the terminal, and is gone in the end", () => {
  const terminal = screen(true);
  {
    using line = new LiveLine(terminal);
    line.show("first");
    line.show("x".repeat(100));
  }
  const clear = "\r\x1b[K";
  assertEquals(terminal.text, `${clear}first${clear}${"x".repeat(39)}${clear}`);
});

Deno.test("LiveLine writes nothing where nobody is watching", () => {
  const file = screen(false);
  {
    using line = new LiveLine(file);
    line.show("first");
  }
  assertEquals(file.text, "");
});
