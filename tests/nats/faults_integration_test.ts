import { assert, assertEquals, assertMatch } from "@std/assert";
import { connect } from "@nats-io/transport-node";
import * as fc from "fast-check";
import type { JSockDClientError } from "../../mod.ts";
import { connectNatsJSockD } from "../../src/nats/mod.ts";
import { Callers } from "../faults/callers.ts";
import { NatsServer, natsTest, startCluster } from "../support/nats_server.ts";
import { stop } from "../support/processes.ts";
import { killWorkers, rejections, unsettled } from "./kills.ts";
import type * as Module from "./module.ts";
import { BuiltFolder, Farm, WorkerProcess } from "./worker_process.ts";

const SUBJECT = "test.farm";

/** Starts callers of `echo` in a farm. */
async function call(servers: string | string[], count: number, idempotent: boolean) {
  const client = await connectNatsJSockD({ servers, subject: SUBJECT });
  const farm = client.withModule<typeof Module>();
  const callers = new Callers((n) => farm.run((m, p) => m.echo(p), n, { idempotent }), count);
  return {
    client,
    callers,
    async [Symbol.asyncDispose]() {
      await callers[Symbol.asyncDispose]();
      await client[Symbol.asyncDispose]();
    },
  };
}

natsTest(
  "a farm settles all commands of 64 callers, and rejects no idempotent one, when a worker is killed each second",
  async () => {
    const { idempotent, atMostOnce, killed } = await killWorkers(5);
    assert(killed >= 2 && idempotent.answered > 100, `${killed} killed, ${idempotent.answered}`);
    assertEquals([idempotent.wrong, unsettled(idempotent), idempotent.rejected], [0, 0, {}]);
    assertEquals([atMostOnce.wrong, unsettled(atMostOnce)], [0, 0]);
    assertEquals(rejections(atMostOnce.rejected), atMostOnce.rejected.SERVER_EXITED ?? 0);
  },
);

natsTest("a farm goes on under load when its NATS server is restarted", async () => {
  await using nats = await NatsServer.start();
  await using module = await BuiltFolder.build();
  await using farm = await Farm.start(2, { nats: nats.url, subject: SUBJECT, module: module.path });
  await using load = await call(nats.url, 32, true);
  await load.callers.moreAnswers(500);
  for (let restart = 0; restart < 2; restart++) {
    await nats.restart();
    await load.callers.moreAnswers(500);
  }
  await load.callers.stopUnharmed();
  assertEquals(farm.workers.map(({ stderr }) => /error/i.test(stderr)), [false, false]);
});

natsTest("a farm goes on under load when one of three NATS servers is lost", async () => {
  await using cluster = await startCluster();
  const [first, second, third] = cluster.servers;
  await using module = await BuiltFolder.build();
  const start = (nats: string) =>
    WorkerProcess.start({ nats, subject: SUBJECT, module: module.path });
  // They know one server each, and learn of the others.
  await using _workers = new AsyncDisposableStack();
  for (const server of [first, second]) _workers.use(await start(server.url));
  await using load = await call(third.url, 32, true);
  await load.callers.moreAnswers(500);
  await first.kill();
  await load.callers.moreAnswers(500);
  await third.kill();
  await load.callers.moreAnswers(500);
  await load.callers.stopUnharmed();
});

natsTest("a farm gives a slow worker little to do", async () => {
  await using nats = await NatsServer.start();
  await using quick = await BuiltFolder.build(
    `export const who = () => "quick"; export const echo = (n) => n;`,
  );
  await using slow = await BuiltFolder.build(
    `export const who = () => {
       const end = Date.now() + 500;
       while (Date.now() < end);
       return "slow";
     };`,
  );
  const options = { nats: nats.url, subject: SUBJECT };
  await using _farm = await Farm.start(2, { ...options, module: quick.path });
  await using _slow = await WorkerProcess.start({ ...options, module: slow.path });
  await using client = await connectNatsJSockD({ servers: nats.url, subject: SUBJECT });
  const farm = client.withModule<{ who(): string }>();
  const answers = { quick: 0, slow: 0 };
  await Promise.all(Array.from({ length: 64 }, async () => {
    for (let i = 0; i < 20; i++) {
      answers[await farm.run((m) => m.who(), undefined) as "quick" | "slow"]++;
    }
  }));
  assert(answers.slow > 0 && answers.quick > 5 * answers.slow, JSON.stringify(answers));
});

natsTest(
  "a farm gives idempotent commands to other workers when one no longer reacts",
  async () => {
    await using nats = await NatsServer.start();
    await using module = await BuiltFolder.build();
    await using farm = await Farm.start(3, {
      nats: nats.url,
      subject: SUBJECT,
      module: module.path,
    });
    await using load = await call(nats.url, 16, true);
    await load.callers.moreAnswers(200);
    await stop(farm.workers[0]!.pid);
    await load.callers.moreAnswers(200);
    await load.callers.stopUnharmed();
  },
);

natsTest("a worker answers further commands when it has got any payloads", async () => {
  await using nats = await NatsServer.start();
  await using module = await BuiltFolder.build();
  await using worker = await WorkerProcess.start({
    nats: nats.url,
    subject: SUBJECT,
    module: module.path,
  });
  await using client = await connectNatsJSockD({ servers: nats.url, subject: SUBJECT });
  const connection = await connect({ servers: nats.url });
  const farm = client.withModule<typeof Module>();
  try {
    const call = fc.record({ name: fc.anything(), hasParam: fc.anything() });
    const echo = fc.constant({ name: "echo", hasParam: true });
    const line = fc.record({
      call: fc.oneof(echo, call, fc.anything()),
      query: fc.oneof(fc.constant("(m, p) => p"), fc.anything()),
      ms: fc.oneof(fc.maxSafeNat(), fc.anything()),
      bytes: fc.oneof(fc.maxSafeNat(), fc.nat(100), fc.anything()),
      answers: fc.oneof(fc.constant(true), fc.anything()),
      isolated: fc.oneof(fc.constant(true), fc.anything()),
    }, { requiredKeys: [] }).map((header) => JSON.stringify(header) ?? "");
    const payloads = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.oneof(line, fc.json(), fc.string()), fc.oneof(fc.json(), fc.string()))
        .map(([header, param]) => new TextEncoder().encode(`${header}\n${param}`)),
    );
    const subjects = fc.constantFrom(
      SUBJECT,
      ...["PING", "INFO", "STATS"].map((verb) => `$SRV.${verb}`),
    );
    const messages = fc.array(fc.tuple(subjects, payloads, fc.boolean()), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(messages, async (list) => {
        for (const [subject, payload, wantsReply] of list) {
          connection.publish(subject, payload, wantsReply ? { reply: "test.replies" } : {});
        }
        await connection.flush();
        assertEquals(await farm.run((m, p) => m.echo(p), 1), 1);
      }),
      { numRuns: 40 },
    );
  } finally {
    await connection.close();
  }
  assertEquals(worker.stderr, "");
});

natsTest("a client and a worker say so when NATS refuses their credentials", async () => {
  await using nats = await NatsServer.start({
    authorization: { user: "farm", password: "right" },
  });
  await using module = await BuiltFolder.build();
  const options = {
    nats: nats.url,
    subject: SUBJECT,
    module: module.path,
    args: ["--user", "farm"],
  };
  const connectAs = (pass: string) =>
    connectNatsJSockD({ servers: nats.url, subject: SUBJECT, nats: { user: "farm", pass } });

  const error = await connectAs("wrong").then(() => undefined, (error: JSockDClientError) => error);
  assertMatch(error?.message ?? "", /Authorization Violation/);
  await assertStartFails(
    { ...options, env: { NATS_PASSWORD: "wrong" } },
    /Authorization Violation/,
  );

  await using _worker = await WorkerProcess.start({ ...options, env: { NATS_PASSWORD: "right" } });
  await using client = await connectAs("right");
  assertEquals(await client.withModule<typeof Module>().run((m, p) => m.echo(p), 1), 1);
});

natsTest("a worker loses no command when it is drained by SIGTERM or SIGINT", async () => {
  await using nats = await NatsServer.start();
  await using module = await BuiltFolder.build();
  await using farm = await Farm.start(2, { nats: nats.url, subject: SUBJECT, module: module.path });
  await using load = await call(nats.url, 32, false);
  for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
    await load.callers.moreAnswers(200);
    await farm.add();
    await using drained = farm.take();
    drained.kill(signal);
    assertEquals((await drained.exited()).code, code);
    assertEquals(drained.stderr, "");
  }
  await load.callers.moreAnswers(200);
  await load.callers.stopUnharmed();
});

natsTest("two versions of a module run side by side, each on its subject", async () => {
  await using nats = await NatsServer.start();
  await using first = await BuiltFolder.build();
  await using second = await BuiltFolder.build("export const version = () => 2;");
  const start = (subject: string, module: BuiltFolder) =>
    WorkerProcess.start({ nats: nats.url, subject, module: module.path });
  await using _first = await start("pages.v1", first);
  await using _second = await start("pages.v2", second);
  const ask = async (subject: string) => {
    await using client = await connectNatsJSockD({ servers: nats.url, subject });
    const farm = client.withModule<typeof Module>();
    return await Promise.all(Array.from({ length: 20 }, () => farm.run((m) => m.version(), null)));
  };
  assertEquals([new Set(await ask("pages.v1")), new Set(await ask("pages.v2"))], [
    new Set([1]),
    new Set([2]),
  ]);
});

/** Asserts that a worker does not start, and says why. */
async function assertStartFails(
  options: Parameters<typeof WorkerProcess.start>[0],
  reason: RegExp,
): Promise<void> {
  const outcome = await WorkerProcess.start(options).then(
    async (worker) => (await worker[Symbol.asyncDispose](), "it has started"),
    (error) => String(error),
  );
  assert(reason.test(outcome), outcome);
}
