import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { Application } from "./application.ts";

const ISLAND = `
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { jsockdIsland } from "@x/jsockd/fresh/island";
export const page = (island) => renderToString(h(island, {}));
export default jsockdIsland("Island", () => h("b", null, "old in ", typeof Deno));
`;

Deno.test("Vite's server renders a changed island after it has reloaded, and its build imports the package", async () => {
  await using app = await Application.make({
    "islands/island.ts": ISLAND,
    "main.ts": `import { jsockd } from "@x/jsockd/fresh";
      export { jsockd };
      export const middleware = jsockd({ root: ${JSON.stringify("ROOT")} });`,
  });
  const main = join(app.root, "main.ts");
  await Deno.writeTextFile(main, (await Deno.readTextFile(main)).replace("ROOT", app.root));
  const program = ["run", "-A", "--frozen", "tests/fresh/vite/main.mts", app.root];
  const stdout = await stdoutOf(runDeno(program, { cwd: ROOT }));
  assertEquals(stdout.trim().split("\n"), [
    "true",
    "<b>old in undefined</b>",
    "<b>new in undefined</b>",
    "@x/jsockd/fresh",
  ]);
});
