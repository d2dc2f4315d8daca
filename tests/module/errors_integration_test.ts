import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { JSockDClientError } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { Project } from "./project.ts";

const [embedded] = servers;

/** Returns the message of a failed build, with `.` for the project's folder. */
async function failure(
  project: Project,
  options: Parameters<Project["build"]>[1] = {},
  server = embedded!,
): Promise<string> {
  const error = await assertRejects(() => project.build(server, options), JSockDClientError);
  assertEquals(error.code, "CONFIG");
  return error.message.replaceAll(project.path("."), ".");
}

Deno.test("buildModule() shows line and column when there is a syntax error", async () => {
  await using project = await Project.make({
    "main.ts": `import "./page.tsx";`,
    "page.tsx": "\nexport const é = <p>text</q>;\n",
  });
  assertEquals(
    await failure(project),
    `Cannot build the module './main.ts': 1 error

./page.tsx:2:27: Unexpected closing "q" tag does not match opening "p" tag
    export const é = <p>text</q>;
                              ^
./page.tsx:2:19: The opening "p" tag is here:
    export const é = <p>text</q>;
                      ^`,
  );
});

Deno.test("buildModule() shows all errors when there are several", async () => {
  await using project = await Project.make({
    "main.ts": `import "./none.ts";
import "unknown";
\timport "node:none";
import "./one.ts";
import "./other.ts";
`,
    "one.ts": "let a;\nlet a;",
    "other.ts": "const b = ;",
  });
  assertEquals(
    await failure(project),
    `Cannot build the module './main.ts': 5 errors

./main.ts:1:8: Cannot find './none.ts'
    import "./none.ts";
           ^

./main.ts:2:8: Import "unknown" not a dependency
    import "unknown";
           ^

./main.ts:3:9: No such built-in module: node:none
    \timport "node:none";
    \t       ^

./one.ts:2:5: The symbol "a" has already been declared
    let a;
        ^
./one.ts:1:5: The symbol "a" was originally declared here:
    let a;
        ^

./other.ts:1:11: Unexpected ";"
    const b = ;
              ^`,
  );
});

Deno.test("buildModule() shows a syntax error when only Deno finds it", async () => {
  await using project = await Project.make({
    "main.ts": `import "./other.ts";`,
    "other.ts": "declare const a: unique;",
  });
  assertMatch(await failure(project), /: 1 error\n\nSyntaxError: .* at \S+\/other\.ts:1:24$/s);
});

Deno.test("buildModule() succeeds when types are wrong", async () => {
  await using project = await Project.make({
    "main.ts": `export const answer: string = 42;`,
  });
  await project.build(embedded!);
});

for (const server of servers) {
  Deno.test(`${server.name}: buildModule() shows line and column when the server finds an error`, async () => {
    await using project = await Project.make({
      "main.ts": `export { pattern } from "./pattern.ts";`,
      "pattern.ts": "interface Unused {}\n\texport const pattern = (): RegExp => /(/;",
    });
    const fault = server.differences.engine === "V8"
      ? /: 1 error\n\n\.\/pattern\.ts:2:3\d: SyntaxError: Invalid .*\n {4}\texport const pattern = /
      : /: 1 error\n\n\.\/pattern\.ts:2:3\d: SyntaxError: expecting '\)'\n {4}\texport const pattern = /;
    assertMatch(await failure(project, {}, server), fault);
  });
}

Deno.test("buildModule() rejects when a file that it needs is missing or unusable", async (t) => {
  await using project = await Project.make({ "main.ts": "", "key": "not hexadecimal" });

  await t.step("a missing entry point", async () => {
    assertEquals(
      await failure(project, { entry: "none.ts" }),
      "Cannot build the module './none.ts': there is no such file",
    );
  });
  await t.step("a folder as entry point", async () => {
    assertMatch(await failure(project, { entry: "." }), /there is no such file/);
  });
  await t.step("a missing key", async () => {
    assertMatch(
      await failure(project, { privateKeyFile: project.path("none") }),
      /^Cannot sign with '\.\/none': there is no such file/,
    );
  });
  await t.step("a key that is not hexadecimal", async () => {
    assertMatch(
      await failure(project, { privateKeyFile: project.path("key") }),
      /^Cannot sign with '\.\/key': expected a private key/,
    );
  });
  await t.step("a configuration that cannot be read", async () => {
    await project.write("deno.json", "{");
    assertMatch(await failure(project), /deno\.json/);
  });
});

for (
  const [what, jsockdExec, message] of [
    ["does not exist", "/no/such/jsockd", "there is no such executable"],
    ["writes no module", "/usr/bin/true", "it ended with exit code 0 and wrote: nothing"],
    ["exits with 3", ["/bin/sh", "-c", "echo what? >&2; exit 3"], "exit code 3 and wrote: what?"],
    ["is not executable", "/etc/passwd", "Cannot compile with '/etc/passwd'"],
  ] as const
) {
  Deno.test(`buildModule() rejects when the server ${what}`, async () => {
    await using project = await Project.make({ "main.ts": "" });
    const error = await assertRejects(
      () => project.build(embedded!, { jsockdExec }),
      JSockDClientError,
      message,
    );
    assertEquals(error.code, "SPAWN");
  });
}
