import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { toLines } from "../../src/server/lines.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { within } from "../support/within.ts";
import { call, processesNaming, programCommand } from "./program.ts";

/** Reads the lines of an output. */
class Lines {
  readonly #reader: ReadableStreamDefaultReader<string>;

  constructor(output: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = toLines(output).getReader();
  }

  /** Returns the lines up to and including one that ends with some text. */
  async upTo(end: string): Promise<string> {
    const seen: string[] = [];
    while (!seen.at(-1)?.endsWith(end)) {
      const { value } = await within(this.#reader.read(), `a line that ends with ${end}`);
      if (value === undefined) throw new Error(`Expected ${end} after:\n${seen.join("\n")}`);
      seen.push(value);
    }
    return seen.join("\n");
  }

  /** Returns whether the output has ended. */
  async isAtEnd(): Promise<boolean> {
    return (await within(this.#reader.read(), "the end of the output")).done;
  }
}

Deno.test("jsockd build --watch builds again after each change, goes on after errors, and ends cleanly", async () => {
  await using folder = await TempFolder.make();
  const [entry, out] = [join(folder.path, "site.ts"), join(folder.path, "out")];
  const write = async (text: string) => {
    await Deno.writeTextFile(`${entry}.new`, text);
    await Deno.rename(`${entry}.new`, entry);
  };
  const run = async () => (await call(["run", "--embedded", "--module", out, "(m) => m.n"])).stdout;
  await write("export const n = 1;\n");
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const [executable, ...leading] = programCommand(["-A"]);
    await using child = new Deno.Command(executable, {
      args: [...leading, "build", "--watch", "--embedded", "--out", out, entry],
      env: { TMPDIR: folder.path },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stdout = new Lines(child.stdout);
    const stderr = new Lines(child.stderr);

    // The second time, the build is up to date.
    const first = await stdout.upTo("}");
    await stderr.upTo("Watching for changes; Ctrl-C ends it");
    await write("export const n = ;\n");
    assertMatch(
      await stderr.upTo(" ^"),
      /^error: Cannot build .*1 error \(CONFIG\)\n\n.*site\.ts:1:18: /,
    );
    await write("export const n = 2;\n");
    const second = JSON.parse(await stdout.upTo("}"));
    assertNotEquals(second, JSON.parse(first));
    assertEquals(await run(), "2\n");
    await write("export const n = 1;\n");
    assertEquals(await stdout.upTo("}"), first);

    child.kill(signal);
    const { code } = await within(child.status, `the end after ${signal}`);
    assertEquals(code, signal === "SIGINT" ? 130 : 143);
    assertEquals([await stdout.isAtEnd(), await stderr.isAtEnd()], [true, true]);
    assertEquals(processesNaming(folder.path), []);
  }
});

Deno.test("jsockd build --watch exits with 1 when there is nothing to watch", async () => {
  await using folder = await TempFolder.make();
  const [entry, out] = [join(folder.path, "nowhere.ts"), join(folder.path, "out")];
  const { code, stdout, stderr } = await call([
    "build",
    "--watch",
    "--embedded",
    "--out",
    out,
    entry,
  ]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^error: .*nowhere\.ts': there is no such file \(CONFIG\)\n$/);
});
