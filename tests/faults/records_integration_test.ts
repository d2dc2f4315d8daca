import { assert, assertEquals } from "@std/assert";
import { JSockDClientError } from "../../mod.ts";
import { assertRecovers, Callers, ECHO } from "./callers.ts";
import { HostileServer } from "./hostile.ts";
import { type CommandFault, LONG_RECORD_BYTES } from "./hostile_commands.ts";
import { assertRejectsWith } from "./rejections.ts";
import { untilShared } from "./sharing.ts";

const NONSENSE: readonly CommandFault[] = [
  "answer with a wrong id",
  "answer with the next id",
  "answer with an unknown type",
  "answer with a line that is no record",
  "answer what is not UTF-8",
  "answer an empty line",
  "answer 'reset'",
  "send another's message",
];

for (const fault of NONSENSE) {
  Deno.test(`a server that would "${fault}" is not believed, and asked to start anew`, async () => {
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

Deno.test("an answer that is no JSON is nobody's value", async () => {
  await using hostile = await HostileServer.start();
  await using others = new Callers(hostile.client);
  await assertRejectsWith(hostile.run("answer what is not JSON", 1), "PROTOCOL", "{oops");
  await others.stopUnharmed();
});

for (const fault of ["answer twice", "answer what nobody asked"] as const) {
  Deno.test(`a server that would "${fault}" gives nobody what is another's`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    for (let n = 0; n < 20; n++) {
      assertEquals(await hostile.run(fault, n), n);
      // What comes unasked may come at any time, so it may cost a command its answer.
      const result = await client.run(ECHO, -n).catch((error) => error);
      if (result instanceof JSockDClientError) assertEquals(result.code, "PROTOCOL");
      else assertEquals(result, -n);
    }
    assertEquals(client.stats().restarts, 0);
    await assertRecovers(client);
  });
}

for (const fault of ["answer twice", ...NONSENSE] as const) {
  Deno.test(`a server that would "${fault}" gives nobody in flight what is another's`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    await untilShared(client, ECHO, fault);
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

Deno.test("an answer that comes in single bytes is an answer", async () => {
  await using hostile = await HostileServer.start();
  const param = { text: "é😀 and more", list: [1, 2, 3] };
  assertEquals(await hostile.run("answer in single bytes", param), param);
});

Deno.test("an answer of 64 MiB is an answer", async () => {
  await using hostile = await HostileServer.start();
  const text = await hostile.run<string>("answer at length", 1);
  assertEquals(text.length, LONG_RECORD_BYTES);
  assert(/^x+$/.test(text));
  assertEquals(await hostile.client.run(ECHO, 1), 1);
});

for (const fault of ["answer half and end", "answer at length and never finish"] as const) {
  Deno.test(`a server that would "${fault}" has not answered`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    await assertRejectsWith(hostile.run(fault, 1), "SERVER_EXITED", "exit code 0");
    assertEquals(await client.run(ECHO, 1), 1);
    assertEquals(client.stats().restarts, 1);
  });
}

Deno.test("a server that closes one of its sockets is replaced", async () => {
  await using hostile = await HostileServer.start({ nThreads: 2 });
  const { client } = hostile;
  await assertRejectsWith(hostile.run("close the socket", 1), "SERVER_EXITED");
  assertEquals(await client.run(ECHO, 1), 1);
  assertEquals(client.stats(), { ...client.stats(), restarts: 1, threads: 2 });
});
