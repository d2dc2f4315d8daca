import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { dryRun } from "../../.ci/dry_run.ts";
import manifest from "../../deno.json" with { type: "json" };
import { ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { Project } from "./project.ts";

const published = await dryRun();
const specifiers = Object.keys(manifest.exports).map((entry) => join(manifest.name, entry));

// The project runs with --cached-only.
const entries = [...Object.values(manifest.exports), "tests/package/types/commands.ts"];
await stdoutOf(runDeno(["cache", "--frozen", ...entries], { cwd: ROOT }));

const COMPILER_OPTIONS: Readonly<Record<string, Record<string, boolean>>> = {
  "default": {},
  "strictest": {
    exactOptionalPropertyTypes: true,
    noFallthroughCasesInSwitch: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
  },
};

Deno.test("deno publish includes exactly the files that users need", () => {
  const isSource = (path: string) => /^src\/[\w/]+\.ts$/.test(path) && !/test|fixture/.test(path);
  assertEquals(
    published.filter((path) => !isSource(path)).toSorted(),
    ["CHANGELOG.md", "LICENSE", "README.md", "deno.json", "mod.ts"],
  );
});

Deno.test("import works for all entry points in another project with only the flags it needs", async () => {
  await using project = await Project.make(["greet.ts"], published);
  const program = [...specifiers, "./greet.ts"].map((specifier) => `import "${specifier}";\n`);
  await Deno.writeTextFile(join(project.path, "main.ts"), program.join(""));
  const run = (...flags: string[]) =>
    project.deno("run", "--no-prompt", "--cached-only", ...flags, "main.ts", "sockets");

  const without = await run();
  const flags = without.stdout.split("\n")[0]!;
  assertMatch(flags, /^--allow-run=/, without.stderr);
  const { stdout, stderr } = await run(...flags.split(" "));
  assertEquals(stdout, `${flags}\nHello World\n`, stderr);
});

for (const [name, compilerOptions] of Object.entries(COMPILER_OPTIONS)) {
  Deno.test(`deno check accepts the types when the compiler options are ${name}`, async () => {
    await using project = await Project.make(["types"], published);
    await project.configure(compilerOptions);
    const { code, stderr } = await project.deno("check", "types");
    assertEquals(code, 0, stderr);
  });
}
