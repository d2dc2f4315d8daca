import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { networkInterfaces } from "node:os";
import { JSockDClientError } from "../../mod.ts";
import { startPlayground } from "../../src/playground/mod.ts";
import type { PageEvents } from "../../src/playground/wire.ts";
import { servers } from "../conformance/servers.ts";
import { isRunning } from "../support/processes.ts";
import { Page } from "./page.ts";

/** A jsockd to test beside the embedded servers, if there is one. */
const jsockd = servers.find(({ name }) => name.startsWith("jsockd"));

Deno.test("startPlayground() serves a page that runs programs on every server", async (test) => {
  await using playground = await startPlayground({
    port: 0,
    // A loaded machine may take long for the first page on a thread.
    maxCommandRuntimeUs: 10_000_000,
    ...jsockd !== undefined && { jsockdExec: jsockd.command },
  });
  const page = new Page(playground.url);
  const { servers } = await page.event(({ name, data }) => name === "welcome" ? data : undefined);
  assertEquals(
    servers.map(({ id }) => id),
    jsockd === undefined ? ["v8", "quickjs"] : ["v8", "quickjs", "jsockd"],
  );
  assertMatch(await (await fetch(playground.url)).text(), /<title>JSockD playground<\/title>/);

  for (const { id: server } of servers) {
    const run = (code: string, parameter = "") => page.run({ server, code, parameter });

    await test.step(`${server}: a function gets its parameter, and its times are told`, async () => {
      const { times, ...outcome } = await run("export default (n: number) => n + 1;", "41");
      assertEquals(outcome, { status: "result", text: "42" });
      assert(times!.waited > 0 && times!.ran! > 0);
    });

    await test.step(`${server}: a component becomes HTML`, async () => {
      const { html } = await run(
        "import { useState } from 'react';\n" +
          "export default function Page({ name }) {\n" +
          "  const [greeting] = useState('Hello');\n  return <p>{greeting} {name}</p>;\n}",
        '{"name":"<Mary>"}',
      );
      assertEquals(html!.replaceAll("<!-- -->", ""), "<p>Hello &lt;Mary&gt;</p>");
    });

    await test.step(`${server}: an exception has a stack trace in the lines of the source`, async () => {
      const { status, text, trace } = await run(
        "interface Item {\n  price: unknown;\n}\nfunction toCents(price: unknown) {\n" +
          "  throw new TypeError('Not a price: ' + price);\n}\n\n" +
          "export default function total(item: Item) {\n  return [toCents(item.price)];\n}",
        '{"price":"cheap"}',
      );
      assertEquals([status, text], ["exception", "TypeError: Not a price: cheap"]);
      assertEquals(
        trace!.map(({ functionName, place }) => [functionName, place!.line]),
        [["toCents", 5], ["total", 9]],
      );
    });

    await test.step(`${server}: a message is shown and answered, and so is the console`, async () => {
      const code = "export default () => {\n  console.log('written');\n" +
        "  return JSockD.sendMessage({ load: 7 });\n};";
      const levels: string[] = [];
      await page.event(({ name, data }) => {
        if (name !== "log" || data.id !== server) return undefined;
        levels.push(`${data.level}: ${data.text}`);
        return levels.length === 2 ? true : undefined;
      }, async () => assertEquals((await run(code)).text, '{\n  "load": 7\n}'));
      assertEquals(levels.sort(), ["log: written", 'message: {"load":7}']);
    });

    await test.step(`${server}: what cannot run is explained`, async () => {
      for (
        const [code, parameter, expected] of [
          ["", "", /^There is no code to run$/],
          [" \n", "", /^There is no code to run$/],
          ["export default (", "", /^The code has an error, so it was not sent$/],
          ["export default () => 1;", "{", /^Cannot read the parameter as JSON: /],
          ["const a = 1;", "", /^TypeError: .*expected a function as default export$/],
          ["import 'lodash';\nexport default () => 1;", "", /^Error: Cannot import 'lodash': /],
          [
            `export default () => "${"a".repeat(1_100_000)}";`,
            "",
            /the limit is 1048575 \(INVALID_COMMAND\)$/,
          ],
        ] as const
      ) {
        const { status, text } = await run(code, parameter);
        assert(status !== "result");
        assertMatch(text, expected);
      }
    });
  }

  await test.step("requests that are not the page's are refused", async () => {
    const body = { server: "v8", code: "export default () => 1;", parameter: "" };
    const status = async (response: Promise<Response>) => {
      const { status, body } = await response;
      await body?.cancel();
      return status;
    };
    assertEquals(await status(page.post("run", body)), 200);
    assertEquals(await status(page.post("run", body, { origin: "https://evil.example" })), 403);
    assertEquals(await status(page.post("run", body, { "content-type": "text/plain" })), 415);
    assertEquals(await status(page.post("/run", body)), 403);
    assertEquals(await status(fetch(new URL("/", playground.url))), 403);
    assertEquals(await status(page.post("run", { ...body, server: "none" })), 400);
    assertEquals(await status(page.post("run", { ...body, code: 1 })), 400);
    assertEquals(await status(page.post("load", { callers: 1e9 })), 400);
    assertEquals(await status(page.post("run", { ...body, code: "a".repeat(3e6) })), 413);
    assertEquals(await status(page.post("none", {})), 404);
    assertEquals(await statusOfHost(playground.url, "evil.example"), 403);
  });

  await test.step("it listens on the loopback address alone", async () => {
    const port = Number(new URL(playground.url).port);
    const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4");
    for (const { address } of others) {
      await assertRejects(
        () => Deno.connect({ hostname: address, port }),
        Deno.errors.ConnectionRefused,
      );
    }
    assertEquals(new URL(playground.url).hostname, "127.0.0.1");
  });

  await test.step("a server that is killed under load is replaced, and work goes on", async () => {
    await page.post("load", { callers: 4 });
    const busy = ({ name, data }: { name: string; data: unknown }) => {
      if (name !== "samples") return undefined;
      const { samples } = data as PageEvents["samples"];
      return samples.every(({ perSecond }) => perSecond > 0) ? samples : undefined;
    };
    const before = await page.event(busy);
    for (const { id, pid } of before) {
      await page.event((event) => {
        const samples = busy(event);
        const sample = samples?.find((sample) => sample.id === id);
        return sample !== undefined && sample.pid !== pid && sample.restarts > 0 ? true : undefined;
      }, async () => {
        assertEquals((await page.post("kill", { server: id })).status, 204);
      });
      assertEquals(isRunning(pid), false);
    }
    await page.post("load", { callers: 0 });
  });
});

Deno.test("startPlayground() rejects at once when the port is in use", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const error = await assertRejects(() => startPlayground({ port }), JSockDClientError);
  assertEquals(error.code, "CONFIG");
  assertEquals(
    error.message,
    `Cannot serve the playground on port ${port}: it is in use. Take another, or 0 for any`,
  );
});

Deno.test("startPlayground() rejects and leaves nothing behind when a server does not start", async () => {
  const error = await assertRejects(
    () => startPlayground({ port: 0, jsockdExec: "/nowhere/jsockd" }),
    JSockDClientError,
  );
  assertEquals(error.code, "SPAWN");
  assertMatch(error.message, /\/nowhere\/jsockd/);
});

Deno.test("startPlayground() rejects when an option is wrong", async () => {
  for (const options of [{ port: -1 }, { nThreads: 0 }, { prot: 1 }] as object[]) {
    assertEquals(
      (await assertRejects(() => startPlayground(options), JSockDClientError)).code,
      "CONFIG",
    );
  }
});

/** Sends a request with another `Host`, which `fetch` does not allow. */
async function statusOfHost(url: string, host: string): Promise<number> {
  const { port, pathname } = new URL(url);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await connection.write(new TextEncoder().encode(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`,
  ));
  const text = await new Response(connection.readable).text();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
}
