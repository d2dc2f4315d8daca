import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Project, start } from "./project.ts";
import { servers } from "../conformance/servers.ts";
import { DENO_DIR } from "../support/deno_dir.ts";
import { type Outcome, runToEnd } from "../support/run_to_end.ts";

const [embedded] = servers;
const program = fromFileUrl(new URL("./build_with_least.ts", import.meta.url));

function build(project: Project, flags: readonly string[]): Promise<Outcome> {
  const args = ["run", "--no-prompt", ...flags, program, project.path("main.ts"), project.outDir];
  return runToEnd([Deno.execPath()], args, { env: { DENO_DIR } });
}

Deno.test("buildModule() needs exactly the permissions that it documents", async (t) => {
  await using project = await Project.make({ "main.ts": "export const answer = 42;" });
  const flags = [
    "--allow-read",
    `--allow-write=${project.outDir}`,
    `--allow-run=${Deno.execPath()}`,
  ];

  for (const missing of flags) {
    await t.step(`and fails without ${missing.replace(/=.*/, "")}`, async () => {
      const { code, stderr } = await build(project, flags.filter((flag) => flag !== missing));
      assertEquals(code, 1);
      assertStringIncludes(stderr, "JSockDClientError: Cannot build the module: Requires");
      assertMatch(stderr, new RegExp(missing.replace(/=.*/, "")));
    });
  }

  await t.step("and no other", async () => {
    const { code, stdout, stderr } = await build(project, flags);
    assertEquals(code, 0, stderr);
    await using client = await start(embedded!, JSON.parse(stdout));
    assertEquals(await client.run("(module) => module.answer"), 42);
  });
});
