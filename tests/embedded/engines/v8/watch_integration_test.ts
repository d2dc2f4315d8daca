import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { initJSockDClient } from "../../../../mod.ts";
import { buildModule, watchModule } from "../../../../src/module/mod.ts";
import { quiet } from "../../../support/quiet.ts";
import { TempFolder } from "../../../support/temp_folder.ts";
import { within } from "../../../support/within.ts";
import { V8_SERVER } from "./server.ts";

Deno.test("watchModule() reloads a V8 server and loses no command when a source changes", async () => {
  await using folder = await TempFolder.make();
  const entry = join(folder.path, "page.tsx");
  const write = (title: string) =>
    Deno.writeTextFile(entry, `export const title = (n: number) => "${title} " + n;\n`);
  await write("old");
  const options = { entry, outDir: join(folder.path, "out"), jsockdExec: V8_SERVER };
  const built = await buildModule(options);
  await using client = await initJSockDClient(quiet({ nThreads: 1, ...built }), V8_SERVER);
  const titles: Promise<string>[] = [];
  const rebuilt = Promise.withResolvers<unknown>();
  await using _watcher = await watchModule({ ...options, client, onBuild: rebuilt.resolve });

  await write("new");
  let isRebuilt = false;
  rebuilt.promise.then(() => isRebuilt = true);
  while (!isRebuilt) {
    titles.push(client.run<string>("(page, n) => page.title(n)", titles.length));
    await within(Promise.race([titles.at(-1), rebuilt.promise]), "a title");
  }
  const last = await client.run<string>("(page, n) => page.title(n)", -1);

  const all = await Promise.all(titles);
  assertEquals(all.filter((title, n) => !new RegExp(`^(old|new) ${n}$`).test(title)), []);
  assertEquals(last, "new -1");
});
