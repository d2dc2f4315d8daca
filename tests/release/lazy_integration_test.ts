import { assertEquals } from "@std/assert";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier: string };
  }[];
}

/** Returns a module and all that it imports statically. */
async function loadedWith(entry: URL): Promise<Set<string>> {
  const stdout = await stdoutOf(runDeno(["info", "--json", entry.href]));
  const { modules } = JSON.parse(stdout) as { modules: readonly Module[] };
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set([entry.href]);
  for (const specifier of loaded) {
    for (const { isDynamic, code } of byName.get(specifier)?.dependencies ?? []) {
      if (!isDynamic && code !== undefined) loaded.add(code.specifier);
    }
  }
  return loaded;
}

Deno.test("mod.ts does not load the code for downloads, signatures and archives when it is imported", async () => {
  const loaded = await loadedWith(new URL("../../mod.ts", import.meta.url));
  const used =
    /noble|\btar\b|untar|ed25519|release\/(archive|cache|download|install|prepare|signatures)\.ts/;
  assertEquals(Array.from(loaded).filter((specifier) => used.test(specifier)), []);

  const { href } = new URL("../../src/release/prepare.ts", import.meta.url);
  const later = Array.from(await loadedWith(new URL(href))).filter((name) => used.test(name));
  assertEquals(later.some((name) => name.includes("noble")), true, later.join("\n"));
});

Deno.test("mod.ts loads no modules of Node.js, and of @std/path only what it uses", async () => {
  const loaded = await loadedWith(new URL("../../mod.ts", import.meta.url));
  const slow = /^node:|path\/mod\.[jt]s/;
  assertEquals(Array.from(loaded).filter((specifier) => slow.test(specifier)), []);
  assertEquals(Array.from(loaded).some((specifier) => specifier.includes("path/posix")), true);
});

Deno.test("the main thread of the embedded server loads no engine", async () => {
  const program = new URL("../../src/embedded/command_line/main.ts", import.meta.url);
  const loaded = Array.from(await loadedWith(program));
  const engine =
    /^node:|quickjs-emscripten-core|engines\/(quickjs|v8)\/(engine|mod|realm|runtime)\.ts/;
  assertEquals(loaded.filter((specifier) => engine.test(specifier)), []);
  assertEquals(loaded.some((specifier) => specifier.endsWith("quickjs/parts.ts")), true);
});
