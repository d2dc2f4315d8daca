import { assertEquals } from "@std/assert";
import { DownloadDisplay } from "../../src/cli/download_display.ts";
import { screen } from "./fake_screen.ts";

const file = "a.tar.gz";
const total = 4_000_000;

Deno.test("DownloadDisplay.show() draws a bar when the screen is a terminal", () => {
  const terminal = screen(true);
  {
    using display = new DownloadDisplay(terminal);
    display.show({ file, received: 0, total });
    display.show({ file, received: 1_000_000, total });
  }
  assertEquals(terminal.text.split("\r\x1b[K"), [
    "",
    "[....................] 0.0 of 4.0 MB  a",
    "[#####...............] 1.0 of 4.0 MB  a",
    "",
  ]);
});

Deno.test("DownloadDisplay.show() writes a line for each tenth when the screen is no terminal", () => {
  const log = screen(false);
  {
    using display = new DownloadDisplay(log);
    for (let received = 0; received <= total; received += 100_000) {
      display.show({ file, received, total });
    }
  }
  const tenths = Array.from({ length: 11 }, (_, n) => `Downloading a.tar.gz: ${n * 10} %\n`);
  assertEquals(log.text, tenths.join(""));
});

Deno.test("DownloadDisplay.show() counts megabytes when the size is not known", () => {
  const log = screen(false);
  const terminal = screen(true);
  for (const where of [log, terminal]) {
    using display = new DownloadDisplay(where);
    for (const received of [10, 20, 1_200_000]) display.show({ file, received });
  }
  assertEquals(log.text, "Downloading a.tar.gz: 0 MB\nDownloading a.tar.gz: 1 MB\n");
  assertEquals(terminal.text.split("\r\x1b[K").at(-2), "1.2 MB  a.tar.gz");
});

Deno.test("DownloadDisplay.show() draws a full bar when the file is larger than announced", () => {
  const terminal = screen(true);
  using display = new DownloadDisplay(terminal);
  for (const total of [0, 5]) {
    display.show({ file, received: 10, total });
    assertEquals(terminal.text.split("\r\x1b[K").at(-1)!.slice(0, 22), `[${"#".repeat(20)}]`);
  }
});
