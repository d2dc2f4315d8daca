import { assert, assertEquals } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { codeBlocks } from "../readme/blocks.ts";
import { ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";

/** What is used of `deno info --json`. */
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

/** One file imports another; both are paths below `src/`, or `mod.ts`. */
interface Import {
  readonly from: string;
  readonly to: string;
}

const rooms = await readRooms();
const imports = await readImports();

Deno.test("source files import downward only when the README states the order of the folders", () => {
  const upward = imports.filter(({ from, to }) => floorOf(from) > floorOf(to));
  assertEquals(upward, []);
});

Deno.test("source files are each in a folder of the README's order when they are published", () => {
  const files = new Set(imports.flatMap(({ from, to }) => [from, to]));
  assert(files.size > 100, `Expected all files of src/, got ${files.size}`);
  assertEquals([...files].filter((file) => floorOf(file) < 0), []);
});

Deno.test("folders are imported by their mod.ts when they have one for others", () => {
  const past = imports.filter(({ from, to }) =>
    ["embedded", "module"].some((folder) =>
      to.startsWith(`${folder}/`) && to !== `${folder}/mod.ts` && !from.startsWith(`${folder}/`)
    )
  );
  assertEquals(past, []);
});

/** The folders in the order that the README states, from the top down. */
async function readRooms(): Promise<string[]> {
  const blocks = codeBlocks(await Deno.readTextFile(`${ROOT}README.md`));
  const layout = blocks.find(({ language, code }) => language === "text" && /^cli /.test(code));
  assert(layout !== undefined, "Expected a block of text in the README that begins with 'cli'");
  return layout.code.trim().split("\n").map((line) => line.split(/\s{2,}/)[0]!);
}

/** Where a file is, from 0 at the top; -1 if it is nowhere. The innermost folder counts. */
function floorOf(file: string): number {
  const own = rooms.filter((room) => file === room || file.startsWith(`${room}/`));
  return rooms.indexOf(own.sort((a, b) => b.length - a.length)[0] ?? "");
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

/** A file of the package as the README's order names it; undefined for any other module. */
function toPath(specifier: string): string | undefined {
  const root = new URL("../../", import.meta.url).href;
  const path = specifier.startsWith(root) ? specifier.slice(root.length) : "";
  if (path === "mod.ts") return path;
  return path.startsWith("src/") ? path.slice("src/".length) : undefined;
}
