import { assertEquals } from "@std/assert";
import { LiveLine } from "../../src/cli/screen.ts";
import { screen } from "./fake_screen.ts";

Deno.test("LiveLine.show() overwrites the line, cut to its width, when the screen is a terminal", () => {
  const terminal = screen(true);
  {
    using line = new LiveLine(terminal);
    line.show("first");
    line.show("x".repeat(100));
  }
  const clear = "\r\x1b[K";
  assertEquals(terminal.text, `${clear}first${clear}${"x".repeat(39)}${clear}`);
});

Deno.test("LiveLine.show() writes nothing when the screen is no terminal", () => {
  const file = screen(false);
  {
    using line = new LiveLine(file);
    line.show("first");
  }
  assertEquals(file.text, "");
});
