import { assert, assertEquals } from "@std/assert";
import { JSockDClientError } from "../../mod.ts";
import { assertRecovers, Callers, ECHO } from "./callers.ts";
import { HostileServer } from "./hostile.ts";
import { type CommandFault, LONG_RECORD_BYTES } from "./hostile_commands.ts";
import { assertRejectsWith } from "./rejections.ts";
import { untilPipelined } from "./sharing.ts";

const INVALID_ANSWERS: readonly CommandFault[] = [
  "answer with a wrong id",
  "answer with the next id",
  "answer with an unknown type",
  "answer with a line that is not a record",
  "answer with invalid UTF-8",
  "answer with an empty line",
  "answer with 'reset'",
  "send a message with a wrong id",
];

for (const fault of INVALID_ANSWERS) {
  Deno.test(`run() rejects with PROTOCOL and resets the connection when the command is "${fault}"`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    await using others = new Callers(client);
    for (let round = 0; round < 3; round++) {
      await assertRejectsWith(hostile.run(fault, 1), "PROTOCOL", "Cannot trust the server");
    }
    await others.stopUnharmed();
    assertEquals(client.stats().restarts, 0);
  });
}

Deno.test("run() rejects with PROTOCOL when the result is not JSON", async () => {
  await using hostile = await HostileServer.start();
  await using others = new Callers(hostile.client);
  await assertRejectsWith(hostile.run("answer with invalid JSON", 1), "PROTOCOL", "{oops");
  await others.stopUnharmed();
});

for (const fault of ["answer twice", "answer and send extra records"] as const) {
  Deno.test(`run() never resolves to a wrong result when a command is "${fault}"`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    for (let n = 0; n < 20; n++) {
      assertEquals(await hostile.run(fault, n), n);
      // The extra records may arrive while this command is in flight, and then it rejects.
      const result = await client.run(ECHO, -n).catch((error) => error);
      if (result instanceof JSockDClientError) assertEquals(result.code, "PROTOCOL");
      else assertEquals(result, -n);
    }
    assertEquals(client.stats().restarts, 0);
    await assertRecovers(client);
  });
}

for (const fault of ["answer twice", ...INVALID_ANSWERS] as const) {
  Deno.test(`run() never resolves to a wrong result when a pipelined command is "${fault}"`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    await untilPipelined(client, ECHO, fault);
    const numbers = Array.from({ length: 500 }, (_, n) => n + 1);
    const results = await Promise.allSettled(
      numbers.map((n) => client.run(n % 50 === 0 ? fault : ECHO, n)),
    );
    for (const [i, result] of results.entries()) {
      if (result.status === "fulfilled") assertEquals(result.value, numbers[i]);
      else assertEquals(result.reason.code, "PROTOCOL", result.reason);
    }
    assertEquals(client.stats().restarts, 0);
    await assertRecovers(client);
  });
}

Deno.test("run() resolves when the answer comes byte by byte", async () => {
  await using hostile = await HostileServer.start();
  const param = { text: "é😀 and more", list: [1, 2, 3] };
  assertEquals(await hostile.run("answer byte by byte", param), param);
});

Deno.test("run() resolves when the answer has 64 MiB", async () => {
  await using hostile = await HostileServer.start();
  const text = await hostile.run<string>("answer with a long record", 1);
  assertEquals(text.length, LONG_RECORD_BYTES);
  assert(/^x+$/.test(text));
  assertEquals(await hostile.client.run(ECHO, 1), 1);
});

for (
  const fault of [
    "answer with half a record and close",
    "answer with half a long record and close",
  ] as const
) {
  Deno.test(`run() rejects with SERVER_EXITED when the command is "${fault}"`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    await assertRejectsWith(hostile.run(fault, 1), "SERVER_EXITED", "exit code 0");
    assertEquals(await client.run(ECHO, 1), 1);
    assertEquals(client.stats().restarts, 1);
  });
}

Deno.test("JSockDClient restarts the server when it closes one of its sockets", async () => {
  await using hostile = await HostileServer.start({ nThreads: 2 });
  const { client } = hostile;
  await assertRejectsWith(hostile.run("close the socket", 1), "SERVER_EXITED");
  assertEquals(await client.run(ECHO, 1), 1);
  assertEquals(client.stats(), { ...client.stats(), restarts: 1, threads: 2 });
});
