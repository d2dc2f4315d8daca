/** Stands for the end of a line within a program. */
const END_OF_LINE = "⏎";

/** Returns the programs, or the parts of such, that a file holds, one a line. */
export function linesOf(name: string): readonly string[] {
  const text = Deno.readTextFileSync(new URL(`texts/${name}.txt`, import.meta.url));
  const [, ...lines] = text.split("\n").reverse();
  return lines.reverse().map((line) => line.replaceAll(END_OF_LINE, "\n"));
}
