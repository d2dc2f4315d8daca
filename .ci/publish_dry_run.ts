/**
 * Runs `deno publish --dry-run` on a copy of the package alone. In the checkout it refuses the
 * stand-ins for `@std`, since they are in the package's folder and not part of the package.
 */
const root = new URL("../", import.meta.url);
const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
const copy = await Deno.makeTempDir({ prefix: "jsd_publish_" });

try {
  for (const entry of config.publish.include) {
    await copyTree(new URL(entry, root).pathname, `${copy}/package/${entry}`);
  }
  await copyTree(new URL(".ci/std", root).pathname, `${copy}/std`);
  const links = config.links.map((link: string) => link.replace(".ci/", "../"));
  await Deno.writeTextFile(`${copy}/package/deno.json`, JSON.stringify({ ...config, links }));
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run"],
    cwd: `${copy}/package`,
  }).spawn().status;
  Deno.exitCode = code;
} finally {
  await Deno.remove(copy, { recursive: true });
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to.replace(/\/[^/]*$/, ""), { recursive: true });
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  for await (const entry of Deno.readDir(from)) {
    await copyTree(`${from}/${entry.name}`, `${to}/${entry.name}`);
  }
}
