import { assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { cp } from "node:fs/promises";
import { buildModule } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { readJson, ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { start } from "./project.ts";

const PROJECT = "tests/module/packages";

/** What the program of each package in the folder `packages/programs` renders. */
const EXPECTED: Readonly<Record<string, string>> = {
  "@mdx-js/mdx": "<h1>Hello <em>&lt;MDX&gt;</em></h1>\n<ul>\n<li>\n2\n</li>\n</ul>",
  "date-fns": "Sunday, 1 March 2026; Samstag, 28. Februar 2026; about 1 month; 1772280000000",
  "ejs": "<li>a</li><li>&lt;b&gt;</li>",
  "handlebars": "<h1>&lt;HELLO&gt;</h1><li>1</li><li>2</li>",
  "highlight.js": '<span class="hljs-keyword">const</span> a = ' +
    '<span class="hljs-number">1</span>; <span class="hljs-comment">// one</span>',
  "i18next": "1 Ding; 3 Dinge für &lt;dich&gt;",
  "katex": '<span class="katex"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics>' +
    "<mrow><msup><mi>x</mi><mn>2</mn></msup></mrow>" +
    '<annotation encoding="application/x-tex">x^2</annotation></semantics></math></span>',
  "liquidjs": "<h1>&lt;HELLO&gt;</h1><li>1</li><li>2</li><li>3</li>",
  "lodash": '<li>&lt;c&gt;,a</li><li>b</li>{"a":{"b":1,"c":[2]}}',
  "marked": "<h1>Hello <em>you</em></h1>\n<ul>\n<li>a <code>b</code></li>\n</ul>\n" +
    "<table>\n<thead>\n<tr>\n<th>x</th>\n</tr>\n</thead>\n" +
    "<tbody><tr>\n<td>1</td>\n</tr>\n</tbody></table>\n",
  "mustache": "<h1>&lt;Hello&gt;</h1><li>1</li><li>2</li>none",
  "nunjucks": "<h1>&lt;HELLO&gt;</h1><li>1</li><li>2</li>",
  "preact": '<button type="button">Clicked 42 times</button>',
  "pug": '<h1 class="a b">Hello &lt;Pug&gt;</h1><ul><li>1</li><li>2</li></ul>',
  "react-dom": "<main><!--$--><p>later</p><!--/$--></main>",
  "solid-js": "<h1>Hello &lt;Solid> 2</h1><ul><li>1</li><li>2</li></ul>",
  "svelte": '<!--[--><h1 class="svelte-70xyc3">Hello &lt;Svelte></h1> ' +
    "<!--[--><p>1</p><p>2</p><!--]--><!--]-->",
  "vue": '<h1 class="a b">Hello &lt;Vue&gt; 40</h1>',
  "zod": '[{"id":1,"email":"a@b.org","tags":[]},' +
    '[["id","Invalid input: expected int, received number"],["email","Invalid email address"]]]',
};
const names = Object.keys(EXPECTED);

Deno.test("the README's table has the tested packages and their versions", async () => {
  const { imports } = await readJson(join(PROJECT, "deno.json"));
  const readme = await Deno.readTextFile(join(ROOT, "README.md"));
  const [, table = ""] = /\| package +\| version.*\n\|.*\n((?:\|.*\n)*)/.exec(readme) ?? [];
  const rows = table.matchAll(/^\| `([^`]+)` +\| ([\d.]+) /gm);
  assertEquals(
    Array.from(rows, ([, name, version]) => [name, `npm:${name}@${version}`]),
    names.map((name) => [name, imports[name]]),
  );
});

for (const server of servers) {
  Deno.test(`${server.name}: packages can be built and rendered`, async (t) => {
    await using folder = await TempFolder.make();
    const project = join(folder.path, "project");
    await cp(join(ROOT, PROJECT), project, { recursive: true });
    await stdoutOf(runDeno(["run", "--frozen", "-A", "compile.mjs"], { cwd: project }));

    // One build for all takes much less time. Each program starts only when its step imports it.
    const entry = join(project, "programs/main.mjs");
    const programs = names.map((name) => `  "${name}": () => import("./${basename(name)}.mjs"),\n`);
    await Deno.writeTextFile(
      entry,
      `const programs = {\n${programs.join("")}};\n` +
        "export const render = async (name) => (await programs[name]()).render();\n",
    );
    const outDir = join(folder.path, "out");
    const built = await buildModule({ entry, outDir, jsockdExec: server.command });

    await using client = await start(server, built);
    for (const name of names) {
      await t.step(name, async () => {
        const html = await client.run("(module, name) => module.render(name)", name);
        assertEquals(html, EXPECTED[name]);
      });
    }
  });
}
