import { assert, assertEquals } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { codeBlocks } from "../readme/blocks.ts";
import { ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";

/** The used parts of the output of `deno info --json`. */
interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly Dependency[];
  }[];
}

interface Dependency {
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
}

/** An import of one file by another. Both are paths relative to `src/`, or `mod.ts`. */
interface Import {
  readonly from: string;
  readonly to: string;
}

const folders = await readFolders();
const imports = await readImports();

Deno.test("source files import only from their own folder or those below it in the README's list", () => {
  const upward = imports.filter(({ from, to }) => levelOf(from) > levelOf(to));
  assertEquals(upward, []);
});

Deno.test("source files are all in a folder of the README's list", () => {
  const files = new Set(imports.flatMap(({ from, to }) => [from, to]));
  assert(files.size > 100, `Expected all files of src/, got ${files.size}`);
  assertEquals([...files].filter((file) => levelOf(file) < 0), []);
});

Deno.test("embedded and module are imported only by their mod.ts", () => {
  const bypassing = imports.filter(({ from, to }) =>
    ["embedded", "module"].some((folder) =>
      to.startsWith(`${folder}/`) && to !== `${folder}/mod.ts` && !from.startsWith(`${folder}/`)
    )
  );
  assertEquals(bypassing, []);
});

/** Returns the folders in the order of the README's list, from the top down. */
async function readFolders(): Promise<string[]> {
  const blocks = codeBlocks(await Deno.readTextFile(`${ROOT}README.md`));
  const layout = blocks.find(({ language, code }) => language === "text" && /^cli /.test(code));
  assert(layout !== undefined, "Expected a text block in the README that begins with 'cli'");
  return layout.code.trim().split("\n").map((line) => line.split(/\s{2,}/)[0]!);
}

/** Returns the level of the innermost folder that contains a file: 0 is the top, -1 means none. */
function levelOf(file: string): number {
  const own = folders.filter((folder) => file === folder || file.startsWith(`${folder}/`));
  return folders.indexOf(own.sort((a, b) => b.length - a.length)[0] ?? "");
}

async function readImports(): Promise<Import[]> {
  const found: Import[] = [];
  for (const entry of Object.values(denoJson.exports)) {
    const info = runDeno(["info", "--json", entry], { cwd: ROOT });
    const { modules }: ModuleGraph = JSON.parse(await stdoutOf(info));
    for (const { specifier, dependencies = [] } of modules) {
      const from = toPath(specifier);
      for (const target of dependencies.flatMap(({ code, type }) => [code, type])) {
        const to = toPath(target?.specifier ?? "");
        if (from !== undefined && to !== undefined) found.push({ from, to });
      }
    }
  }
  return found;
}

/** Returns the path of a source file relative to `src/`, or undefined for any other module. */
function toPath(specifier: string): string | undefined {
  const root = new URL("../../", import.meta.url).href;
  const path = specifier.startsWith(root) ? specifier.slice(root.length) : "";
  if (path === "mod.ts") return path;
  return path.startsWith("src/") ? path.slice("src/".length) : undefined;
}
