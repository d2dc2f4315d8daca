/** Compiles the components and templates that need a compiler, as a site's own build would. */
import { compile as compileMdx } from "@mdx-js/mdx";
import pug from "pug";
import { compile as compileSvelte } from "svelte/compiler";

await Deno.mkdir("programs/compiled");

const page = await compileMdx("# Hello *{props.name}*\n\n- {1 + 1}");
await Deno.writeTextFile("programs/compiled/page.mdx.mjs", String(page));

const template = pug.compileClient(
  "h1(class=kind) Hello #{name}\nul\n  each n in [1, 2]\n    li= n",
);
await Deno.writeTextFile(
  "programs/compiled/page.pug.mjs",
  `${template}\nexport default template;\n`,
);

const component = `<script>
  let { name } = $props();
</script>
<h1>Hello {name}</h1>
{#each [1, 2] as n}<p>{n}</p>{/each}
<style>h1 { color: teal }</style>`;
const { js } = compileSvelte(component, { generate: "server", filename: "Page.svelte" });
await Deno.writeTextFile("programs/compiled/page.svelte.mjs", js.code);
