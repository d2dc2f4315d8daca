import { assert, assertEquals, assertRejects } from "@std/assert";
import { JSockDJSException, type StreamOptions } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { assertRecovers, Callers } from "../faults/callers.ts";
import { assertRejectsWith } from "../faults/rejections.ts";
import { Project, start } from "../module/project.ts";
import { startClient } from "../support/start_client.ts";
import { until } from "../support/until.ts";

/** Room for slow machines, where the time limit is not what is tested. */
const UNHURRIED = { maxCommandRuntimeUs: 20_000_000 };

/** The timeout of commands that something else must end. */
const PATIENT = { timeoutUs: 600_000_000 };

/** So much text that each is a message of its own. */
const CHUNK = "x".repeat(40_000);

/** Yields chunks without end, and says which one is next. */
const ENDLESS = `async function* () {
  globalThis.cancelled = false;
  try {
    for (let n = 1;; n++) {
      JSockD.sendMessage(n);
      yield "${CHUNK}";
    }
  } finally {
    globalThis.cancelled = true;
  }
}`;

/** Queries whose results can be streamed, and what these are as text. */
const STREAMABLE: Readonly<Record<string, readonly [query: string, text: string]>> = {
  "text": ["() => 'é😀'", "é😀"],
  "no text": ["() => ''", ""],
  "bytes": ["() => new TextEncoder().encode('é😀')", "é😀"],
  "an array": ["() => ['a', 'é😀', '', new TextEncoder().encode('b')]", "aé😀b"],
  "nothing": ["() => []", ""],
  "a generator": ["function* () { yield 'a'; yield 'b'; }", "ab"],
  "an async generator": ["async function* () { yield 'a'; await null; yield 'b'; }", "ab"],
  "a promise": ["async () => ['a', 'b']", "ab"],
  "single bytes of characters": [
    "() => Array.from(new TextEncoder().encode('\\ufeffaé€😀\\ufeff'), (byte) => Uint8Array.of(byte))",
    "\ufeffaé€😀\ufeff",
  ],
  "halves of characters": ["() => '😀a😀'.split('')", "😀a😀"],
  "halves of characters in messages of their own": [
    `() => ["${CHUNK}\\ud83d", "\\ude00${CHUNK}\\ud83d", "\\ude00"]`,
    `${CHUNK}😀${CHUNK}😀`,
  ],
  "a ReadableStream of text": [
    "() => new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close(); } })",
    "ab",
  ],
  "a ReadableStream of bytes": [
    `() => {
      let n = 0;
      const pull = (c) => n++ < 3 ? c.enqueue(new TextEncoder().encode("é" + n)) : c.close();
      return new ReadableStream({ type: "bytes", pull }, { highWaterMark: 0 });
    }`,
    "é1é2é3",
  ],
};

/** Queries whose results cannot be streamed, and what the error says. */
const NOT_STREAMABLE: Readonly<Record<string, string>> = {
  "() => 42": "Cannot stream 42: expected a ReadableStream, an iterable, text or bytes",
  "() => undefined": "Cannot stream undefined",
  "() => [1]": "Cannot stream 1: a chunk must be text or bytes",
  "() => Uint8Array.of(0xff)": "encoded data",
  "() => [Uint8Array.of(0xe2)]": "encoded data",
  "() => [Uint8Array.of(0xe2), 'text']": "encoded data",
  "42": "not a function",
  "() => ((": "error compiling command",
  "() => new Promise(() => {})": "uninitialized",
};

const decoder = new TextDecoder();

for (const server of servers) {
  const { name } = server;

  Deno.test(`${name}: renderToStream() streams text, bytes and their iterables`, async () => {
    await using client = await startClient(server, UNHURRIED);
    // First, because jsockd gives such a command what the commands before it have thrown.
    for (const [query, message] of Object.entries(NOT_STREAMABLE).toReversed()) {
      await assertRejects(() => client.renderToStream(query), JSockDJSException, message);
    }
    for (const [what, [query, text]] of Object.entries(STREAMABLE)) {
      for (const highWaterMark of [undefined, 0]) {
        const options = highWaterMark === undefined ? {} : { highWaterMark };
        const stream = await client.renderToStream(query, null, options);
        const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
        assertEquals(bytes, new TextEncoder().encode(text), what);
      }
    }
  });

  Deno.test(`${name}: renderToStream() sends what is there while questions wait for answers`, async () => {
    await using client = await startClient(server, UNHURRIED);
    const { promise: firstRead, resolve } = Promise.withResolvers<void>();
    const answers = new Map<string, (answer: string) => void>();
    const stream = await client.renderToStream(
      async function* (_, names: string[], ask) {
        const texts = names.map(async (name) => `${name}: ${await ask<string>(name)}.`);
        yield "begin ";
        while (texts.length > 0) {
          const first = await Promise.race(texts.map(async (text, i) => [i, await text] as const));
          texts.splice(first[0], 1);
          yield first[1];
        }
      },
      ["a", "b", "c"],
      async (name: string) => {
        await firstRead;
        const { promise, resolve } = Promise.withResolvers<string>();
        answers.set(name, resolve);
        if (answers.size === 3) answers.get("b")!("first");
        return await promise;
      },
    );
    const reader = stream.getReader();
    assertEquals(decoder.decode((await reader.read()).value), "begin ");
    resolve();
    assertEquals(decoder.decode((await reader.read()).value), "b: first.");
    answers.get("c")!("second");
    assertEquals(decoder.decode((await reader.read()).value), "c: second.");
    answers.get("a")!("third");
    assertEquals(decoder.decode((await reader.read()).value), "a: third.");
    assertEquals((await reader.read()).done, true);
  });

  Deno.test(`${name}: renderToStream() answers questions with any value, or rejects them`, async () => {
    await using client = await startClient(server, UNHURRIED);
    const large = ['é😀"'.repeat(300_000)];
    const query = `async (_, params, ask) => {
      const asked = params.map((param) => ask(param).catch((error) => error.message));
      return JSON.stringify([await Promise.all(asked), JSockD.sendMessage("itself")]);
    }`;
    const stream = await client.renderToStream(query, [1, null, "large", "fail"], (message) => {
      if (message === "large") return large;
      if (message === "fail") throw new Error("no data");
      return message;
    });
    assertEquals(await new Response(stream).json(), [
      [1, null, large, "Cannot answer a message: no data"],
      "itself",
    ]);
    const alone = await client.renderToStream(query.replace(/, JSockD.*\)/, "])"), [1]);
    const [[message]] = await new Response(alone).json();
    assert(message.includes("without a messageHandler"), message);
  });

  Deno.test(`${name}: renderToStream() waits for the reader when highWaterMark is reached`, async () => {
    await using client = await startClient(server, { ...UNHURRIED, nThreads: 2 });
    /** Time in which a server that does not wait would go on. */
    const meanwhile = () => client.runAll((_, n: number) => n, Array(50).fill(1));
    let begun = 0;
    const messageHandler = (n: number) => void (begun = n);
    const stream = await client.renderToStream(ENDLESS, null, { messageHandler, highWaterMark: 0 });
    const reader = stream.getReader();
    for (let read = 1; read <= 5; read++) {
      assertEquals((await reader.read()).value?.length, CHUNK.length);
      await meanwhile();
      assertEquals(begun, read);
    }
    await reader.cancel();

    // Three chunks fill the queue, and the answer to the third waits.
    const options = { messageHandler, highWaterMark: CHUNK.length * 3 };
    const ahead = (await client.renderToStream(ENDLESS, null, options)).getReader();
    await until(() => begun === 3, "the third chunk");
    await meanwhile();
    assertEquals(begun, 3);
    assertEquals((await ahead.read()).value?.length, CHUNK.length);
    await until(() => begun === 4, "the fourth chunk");
    await ahead.cancel();
  });

  Deno.test(`${name}: renderToStream() ends the command when the stream is cancelled`, async () => {
    await using client = await startClient(server, UNHURRIED);
    const wasCancelled = () => client.run("() => globalThis.cancelled");
    const sources = [
      ENDLESS,
      `(_, p, ask) => {
        globalThis.cancelled = false;
        return new ReadableStream({
          start(c) { c.enqueue("a"); },
          pull: () => ask("never"),
          cancel() { globalThis.cancelled = true; },
        });
      }`,
    ];
    for (const query of sources) {
      for (const end of ["cancel", "abort"] as const) {
        const controller = new AbortController();
        const { signal } = controller;
        const messageHandler = (message: unknown) =>
          message === "never" ? new Promise(() => {}) : null;
        const stream = await client.renderToStream(query, null, {
          messageHandler,
          signal,
          ...PATIENT,
        });
        const reader = stream.getReader();
        await reader.read();
        if (end === "cancel") {
          await reader.cancel(new Error("gone"));
          assertEquals((await reader.read()).done, true);
        } else {
          controller.abort(new Error("gone"));
          await assertRejects(() => readAll(reader), Error, "gone");
        }
        assertEquals(await wasCancelled(), true);
      }
    }
    const aborted = AbortSignal.abort(new Error("never wanted"));
    await assertRejects(
      () => client.renderToStream("() => 'a'", null, { signal: aborted }),
      Error,
      "never wanted",
    );
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${name}: renderToStream() rejects when the command fails before the first chunk`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 1_000_000 });
    const error = await assertRejects(
      () => client.renderToStream("() => {\n  throw new Error('early');\n}"),
      JSockDJSException,
      "early",
    );
    assertEquals(error.trace.map(({ source, line }) => [source, line]), [["<buffer>", 2]]);
    await assertRejects(
      () => client.renderToStream("async () => { await null; throw new Error('later'); }"),
      JSockDJSException,
      "later",
    );
    await assertRejects(
      () => client.renderToStream("() => { for (;;); }"),
      JSockDJSException,
      "interrupted",
    );
    for (
      const [query, options, message] of [
        ["a\0b", {}, 'Cannot send the query "a'],
        ["() => 1", { highWaterMark: -1 }, "Cannot use -1 as highWaterMark"],
        ["() => 1", { highWaterMarks: 1 }, "highWaterMarks"],
        ["() => 1", { timeoutUs: 0 }, "as timeoutUs"],
        // Its chunks may have been read.
        ["() => 1", { idempotent: true }, "no field 'idempotent'"],
      ] as const
    ) {
      await assertRejectsWith(
        client.renderToStream(query, null, options as StreamOptions),
        "INVALID_COMMAND",
        message,
      );
    }
    await assertRejectsWith(client.renderToStream("() => 1", 1n), "INVALID_COMMAND", "BigInt");
    await assertRecovers(client);
  });

  Deno.test(`${name}: renderToStream() gives all chunks and then the error when the command fails later`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 1_000_000 });
    await using others = new Callers(client, 2);
    const failing = [
      ["() => { throw new Error('late'); }", "late"],
      ["() => { for (;;); }", "interrupted"],
      ["() => JSockD.sendMessage('fail')", "Cannot answer a message: mine"],
      ["() => 1", "a chunk must be text or bytes"],
    ] as const;
    for (const [next, message] of failing) {
      const query = `function* () { yield "${CHUNK}"; yield "${CHUNK}"; yield (${next})(); }`;
      const stream = await client.renderToStream(query, null, () => {
        throw new Error("mine");
      });
      const { text, error } = await readAll(stream.getReader()).catch((error) => error);
      assertEquals(text.length, CHUNK.length * 2, message);
      assert(`${error}`.includes(message), `${error}`);
    }
    await others.stopUnharmed();
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${name}: renderToStream() makes the stream fail when the time is up, the server dies, or the client is closed`, async () => {
    const never = () => new Promise(() => {});
    const query = `async function* (_, p, ask) { yield "a"; await ask(1); }`;
    for (const code of ["TIMEOUT", "SERVER_EXITED", "CLOSED"] as const) {
      await using client = await startClient(server, UNHURRIED);
      const timeoutUs = code === "TIMEOUT" ? 3_000_000 : 60_000_000;
      await new Response(await client.renderToStream(query, null, () => 1)).text();
      const options = { messageHandler: never, timeoutUs };
      const stream = await client.renderToStream(query, null, options);
      if (code === "SERVER_EXITED") Deno.kill(client.pid, "SIGKILL");
      if (code === "CLOSED") await client.close();
      const reader = stream.getReader();
      assertEquals(decoder.decode((await reader.read()).value), "a");
      await assertRejectsWith(reader.read(), code);
    }
  });

  Deno.test(`${name}: renderToStream() ends the command when the browser goes away`, async () => {
    await using client = await startClient(server, UNHURRIED);
    const controller = new AbortController();
    let begun = 0;
    await using http = Deno.serve(
      { port: 0, hostname: "localhost", onListen() {} },
      async () => {
        const options = {
          messageHandler: (n: number) => void (begun = n),
          highWaterMark: 0,
        };
        return new Response(await client.renderToStream(ENDLESS, null, options));
      },
    );
    const response = await fetch(`http://localhost:${http.addr.port}`, controller);
    const reader = response.body!.getReader();
    while (begun < 3) await reader.read();
    controller.abort();
    await assertRejects(() => reader.read());
    assertEquals(await client.run("() => globalThis.cancelled"), true);
  });

  Deno.test(`${name}: renderToStream() takes a large parameter, and the functions of a module`, async () => {
    await using project = await Project.make({
      "main.ts": "export function* parts(list: string[]) { for (const item of list) yield item; }",
    });
    await using client = await start(server, await project.build(server));
    await client.reload(UNHURRIED);
    const typed = client.withModule<{ parts(list: string[]): Iterable<string> }>();
    const list = Array.from({ length: 30 }, (_, n) => CHUNK + n);
    const stream = await typed.renderToStream((module, list) => module.parts(list), list);
    assertEquals(await new Response(stream).text(), list.join(""));
  });

  Deno.test(`${name}: renderToStream() gives each of many callers its own stream`, async () => {
    await using client = await startClient(server, { ...UNHURRIED, nThreads: 2 });
    await using others = new Callers(client, 2);
    const pages = Array.from({ length: 30 }, async (_, n) => {
      const stream = await client.renderToStream(
        (_, n: number) => [n, ":"].map(String).concat("y".repeat(n * 1_000)).values(),
        n,
      );
      assertEquals(await new Response(stream).text(), `${n}:${"y".repeat(n * 1_000)}`);
    });
    await Promise.all(pages);
    await others.stopUnharmed();
  });
}

/** Reads a stream to its end. Rejects with the text so far and the error if it fails. */
async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return text;
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    throw Object.assign(error as Error, { text, error });
  }
}
