/** Prints the files that `deno publish` would publish, with their sizes. */
import { join } from "@std/path";
import { ROOT } from "../tests/support/checkout.ts";
import { dryRun } from "./dry_run.ts";

let total = 0;
const files = await dryRun();
for (const file of files) {
  const { size } = await Deno.stat(join(ROOT, file));
  total += size;
  print(size, file);
}
print(total, `in ${files.length} files`);

function print(bytes: number, what: string): void {
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${what}`);
}
