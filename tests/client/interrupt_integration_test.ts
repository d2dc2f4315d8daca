import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { TextLineStream } from "@std/streams/text-line-stream";
import { within } from "../support/within.ts";

Deno.test("initJSockDClient() starts a server that Ctrl-C in a terminal does not end", async () => {
  const program = fromFileUrl(new URL("interrupted.ts", import.meta.url));
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program],
    // A process group of its own, as a shell creates for each program.
    detached: true,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const lines: string[] = [];
  const readStdout = async () => {
    const stdout = child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of stdout) {
      lines.push(line);
      if (line === "waiting") Deno.kill(-child.pid, "SIGINT");
    }
  };
  await within(readStdout(), "the end of the program");
  assertEquals(lines, ["waiting", "42"]);
  assertEquals((await child.status).code, 0);
});
