import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { type CommandClient, JSockDClientError, JSockDJSException } from "../../mod.ts";
import { connectNatsJSockD, connectToNats, serveNats } from "../../src/nats/mod.ts";
import { servers } from "../conformance/servers.ts";
import { natsTest } from "../support/nats_server.ts";
import { startClient } from "../support/start_client.ts";
import { until } from "../support/until.ts";
import { startFixture } from "./fixture.ts";

interface Pages {
  echo<T>(value: T): T;
  nothing(): string;
  fail(text: string): never;
  ask(count: number): number;
  busy(ms: number): number;
}

const VALUES = [null, 0, -1.5, "", "é€😀", [], {}, { a: [1, { b: "c" }] }, true];

for (const server of servers) {
  natsTest(
    `${server.name}: a program runs the same on a client over NATS and on one beside it`,
    async () => {
      await using fixture = await startFixture(server);
      for (const client of [fixture.near, fixture.far] as CommandClient[]) {
        const pages = client.withModule<Pages>();
        for (const value of VALUES) {
          assertEquals(await pages.run((module, param) => module.echo(param), value), value);
        }
        assertEquals(await pages.run((module) => module.nothing()), "nothing");
        assertEquals(await client.run("(m, p) => m.echo(p)"), null);
        assertEquals(await client.runRaw("(m, p) => m.echo(p)", '{ "a": 1 }'), '{"a":1}');
        const echo = client.command("(m, p) => m.echo(p)");
        assertEquals(await echo([1]), [1]);
        const many = Array.from({ length: 300 }, (_, i) => i);
        assertEquals(await client.runAll("(m, p) => m.echo(p)", many), many);
        const exception = await assertRejects(
          () => pages.run((module, text) => module.fail(text), "boom"),
          JSockDJSException,
        );
        assertEquals(exception.errorMessage, "Error: boom");
        const sum = await pages.run((module, count) => module.ask(count), 4, ({ i }) => i * 10);
        assertEquals(sum, 60);
      }
    },
  );

  natsTest(
    `${server.name}: a parameter and a result over the largest payload travel in pieces`,
    async () => {
      await using fixture = await startFixture(server, { nats: { maxPayload: 20_000 } });
      const value = "é€😀x".repeat(40_000);
      const pages = fixture.far.withModule<Pages>();
      const results = await Promise.all(
        [1, 2, 3].map((n) => pages.run((module, param) => module.echo(param), `${n}${value}`)),
      );
      for (const [i, result] of results.entries()) assert(result === `${i + 1}${value}`);
      assertEquals(fixture.worker.stats().inFlight, 0);
    },
  );

  natsTest(
    `${server.name}: messages are answered by the caller, and its errors stay with it`,
    async () => {
      await using fixture = await startFixture(server, { nats: { maxPayload: 20_000 } });
      const { far } = fixture;
      const handlerError = new Error("no such row");
      const failed = await assertRejects(
        () => far.run("(m, p) => m.ask(p)", 1, () => Promise.reject(handlerError)),
        JSockDClientError,
      );
      assertEquals([failed.code, failed.cause], ["MESSAGE_HANDLER", handlerError]);
      const large = await assertRejects(
        () => far.run("(m, p) => m.ask(p)", 1, () => "x".repeat(20_000)),
        JSockDClientError,
        "an answer over NATS has at most 15904 bytes here, this one has 20002",
      );
      assertEquals(large.code, "MESSAGE_HANDLER");
      const unanswered = await assertRejects(
        () => far.run("(m, p) => m.ask(p)", 1),
        JSockDClientError,
        "without a messageHandler",
      );
      assertEquals(unanswered.code, "MESSAGE_HANDLER");
      assertEquals(await far.run("(m, p) => m.echo(p)", 1), 1);
    },
  );
}

const [server] = servers;

natsTest(
  "a query that does not fit in a message rejects with INVALID_COMMAND, and is not sent",
  async () => {
    await using fixture = await startFixture(server!, {
      nats: { maxPayload: 20_000 },
      worker: { namedOnly: false },
    });
    const query = (length: number) => `() => "${"é".repeat(length)}".length`;
    assertEquals(await fixture.far.run(query(7_000)), 7_000);
    const error = await assertRejects(
      () => fixture.far.run(query(8_000)),
      JSockDClientError,
      "the limit over NATS is 15904 here",
    );
    assertEquals(error.code, "INVALID_COMMAND");
    assertEquals(await fixture.far.run("(_, text) => text.length", "é".repeat(20_000)), 20_000);
  },
);

natsTest("a worker refuses code and unknown exports by default, and says what to do", async () => {
  await using fixture = await startFixture(server!);
  const { far, worker } = fixture;
  assertEquals(worker.exports.toSorted(), ["ask", "busy", "echo", "fail", "nothing"]);
  const refused = {
    "(m, p) => m.echo(p) + 1": "Cannot run code on this worker",
    "(m, p) => m.secret(p)": "does not export such a function; it exports",
    "(m, p) => m.constructor(p)": "Cannot call 'constructor'",
    "(m, p) => m.__proto__(p)": "Cannot call '__proto__'",
  };
  for (const [query, message] of Object.entries(refused)) {
    const error = await assertRejects(() => far.run(query, 1), JSockDClientError, message);
    assertEquals(error.code, "INVALID_COMMAND");
  }
  const error = await assertRejects(() => far.run("?reset"), JSockDClientError);
  assertEquals(error.code, "INVALID_COMMAND");
});

natsTest("a worker runs code when it is told to", async () => {
  await using fixture = await startFixture(server!, { worker: { namedOnly: false } });
  assertEquals(await fixture.far.run((_, n: number) => n + 1, 41), 42);
  assertEquals(await fixture.far.run("(m, p) => m.echo(p) + 1", 1), 2);
  const isolated = "() => globalThis.count = (globalThis.count ?? 0) + 1";
  for (let i = 0; i < 2; i++) {
    assertEquals(await fixture.far.run(isolated, null, { isolated: true }), 1);
  }
});

natsTest(
  "a command is cancelled at the worker when its caller's signal aborts, or its time is over",
  async () => {
    await using fixture = await startFixture(server!);
    const { far, near, worker } = fixture;
    // The first one takes the only thread.
    const first = far.run("(m, p) => m.busy(p)", 2_000);
    await until(() => near.stats().inFlight === 1, "the first command to be sent");
    const controller = new AbortController();
    const aborted = far.run("(m, p) => m.echo(p)", 1, { signal: controller.signal });
    const late = far.run("(m, p) => m.echo(p)", 1, { timeoutUs: 300_000 });
    await assertRejects(() => late, JSockDClientError, "Cannot get a result within 300000 µs");
    controller.abort(new Error("enough"));
    await assertRejects(() => aborted, Error, "enough");
    assertEquals(await first, 2_000);
    await until(() => worker.stats().inFlight === 0, "the worker to have nothing left");
    assertEquals(near.stats().completed, worker.stats().completed + 1);
    assertEquals(far.stats().inFlight, 0);
  },
);

natsTest("a command rejects with NO_WORKERS at once when nobody serves its subject", async () => {
  await using fixture = await startFixture(server!);
  await fixture.worker.drain();
  const error = await assertRejects(
    () => fixture.far.run("(m, p) => m.echo(p)", 1),
    JSockDClientError,
    "no worker serves 'test.pages'",
  );
  assertEquals(error.code, "NO_WORKERS");
});

natsTest(
  "commands wait for room in the order of the calls, and reject with BUSY after queueTimeoutUs",
  async () => {
    await using fixture = await startFixture(server!, {
      worker: { maxInFlight: 1 },
      client: { queueTimeoutUs: 1_000_000 },
    });
    const { far, worker } = fixture;
    const order: number[] = [];
    await Promise.all(Array.from({ length: 20 }, async (_, n) => {
      order.push(await far.run<number>("(m, p) => m.echo(p)", n));
    }));
    assertEquals(order.toSorted((a, b) => a - b), Array.from({ length: 20 }, (_, n) => n));
    // A command that is on its way to a full worker is overtaken by the next one.
    for (const [place, n] of order.entries()) assert(Math.abs(place - n) <= 10, String(order));
    const long = far.run("(m, p) => m.busy(p)", 3_000);
    await until(() => worker.stats().inFlight === 1, "the worker to be full");
    const error = await assertRejects(
      () => far.run("(m, p) => m.echo(p)", 1),
      JSockDClientError,
      "all workers of 'test.pages' were full for 1000000 µs",
    );
    assertEquals(error.code, "BUSY");
    assertEquals(await long, 3_000);
    assert(far.stats().refused > 0);
  },
);

natsTest(
  "close() rejects what is pending with CLOSED, and leaves the given connection open",
  async () => {
    await using fixture = await startFixture(server!);
    const { far, worker } = fixture;
    const pending = assertRejects(() => far.run("(m, p) => m.busy(p)", 500), JSockDClientError);
    await until(() => worker.stats().inFlight === 1, "the command to be taken");
    await far.close();
    assertEquals((await pending).code, "CLOSED");
    const error = await assertRejects(() => far.run("(m, p) => m.echo(p)", 1), JSockDClientError);
    assertEquals(error.code, "CLOSED");
    await far.close();
  },
);

natsTest("a client and a worker can share a connection, which stays open", async () => {
  await using fixture = await startFixture(server!);
  const { connection, subject } = fixture;
  {
    await using client = await connectNatsJSockD({ connection, subject });
    assertEquals(await client.run("(m, p) => m.echo(p)", 1), 1);
  }
  assertEquals(connection.isClosed(), false);
  assertEquals(await fixture.far.run("(m, p) => m.echo(p)", 2), 2);
});

natsTest("a worker and a client start while NATS is away, and go on when it is there", async () => {
  await using fixture = await startFixture(server!);
  const { nats, near } = fixture;
  await using connection = await connectToNats({ servers: nats.url });
  const away = (async () => {
    for await (const { type } of connection.status()) if (type === "disconnect") return;
  })();
  await nats.kill();
  await away;
  const subject = "test.later";
  await using _worker = await serveNats(near, { connection, subject });
  await using client = await connectNatsJSockD({ connection, subject });
  const running = client.run("(m, p) => m.echo(p)", 1, { idempotent: true });
  await nats.restart();
  assertEquals(await running, 1);
});

natsTest(
  "serveNats() rejects with CONFIG when NATS does not allow it to serve the subject",
  async () => {
    const subscribe = ["_INBOX.>", "$SRV.>"];
    const error = await assertRejects(
      () => startFixture(server!, { nats: { permissions: { publish: [">"], subscribe } } }),
      JSockDClientError,
      "Cannot serve 'test.pages': NATS does not let this user subscribe to it",
    );
    assertEquals(error.code, "CONFIG");
  },
);

natsTest(
  "a command rejects with CONFIG when its caller may not publish to the subject",
  async () => {
    const publish = ["_INBOX.>", "$SRV.>"];
    await using fixture = await startFixture(server!, {
      nats: { permissions: { publish, subscribe: [">"] } },
    });
    const error = await assertRejects(
      () => fixture.far.run("(m, p) => m.echo(p)", 1, { idempotent: true }),
      JSockDClientError,
      "Cannot run the command: NATS does not let this user publish to 'test.pages'",
    );
    assertEquals(error.code, "CONFIG");
  },
);

const PRIVATE = {
  publish: [">"],
  subscribe: ["test.pages", "$SRV.>", "_PRIVATE.>"],
};

natsTest("replies come at subjects with the prefix that the connection has", async () => {
  const connection = { inboxPrefix: "_PRIVATE.a" };
  await using fixture = await startFixture(server!, {
    nats: { permissions: PRIVATE },
    connection,
    client: { nats: connection },
  });
  const pages = fixture.far.withModule<Pages>();
  assertEquals(await pages.run((m, count) => m.ask(count), 3, ({ i }) => i), 3);
});

natsTest("who may not subscribe to replies gets CONFIG: a caller, and a worker", async () => {
  const connection = { inboxPrefix: "_PRIVATE.a" };
  const nats = { permissions: PRIVATE };
  for (
    const [start, message] of [
      [() => startFixture(server!, { nats, connection }), "Cannot receive replies"],
      [() => startFixture(server!, { nats }), "Cannot serve 'test.pages'"],
    ] as const
  ) {
    const error = await assertRejects(start, JSockDClientError, message);
    assertEquals(error.code, "CONFIG");
    assertStringIncludes(error.message, "change its permissions");
  }

  await using fixture = await startFixture(server!, {
    nats,
    connection,
    client: { nats: connection },
  });
  await using shared = await connectToNats({ servers: fixture.nats.url });
  await using client = await connectNatsJSockD({ connection: shared, subject: fixture.subject });
  await assertRejects(
    () => client.run("(m, p) => m.echo(p)", 1),
    JSockDClientError,
    "Cannot receive replies",
  );
});

natsTest("an exception over the largest payload is cut", async () => {
  await using fixture = await startFixture(server!, { nats: { maxPayload: 4_500 } });
  const error = await assertRejects(
    () => fixture.far.run("(m, p) => m.fail(p)", "é".repeat(20_000)),
    JSockDJSException,
  );
  assertMatch(error.errorMessage, /^Error: é{100,}$/);
});

natsTest("a long command ends well when its caller may not send pings to its worker", async () => {
  await using fixture = await startFixture(server!, {
    nats: {
      permissions: {
        publish: ["test.pages", "_INBOX.>"],
        subscribe: ["test.pages", "_INBOX.>", "$SRV.>"],
      },
    },
  });
  // Longer than a worker may be silent.
  assertEquals(await fixture.far.run("(m, p) => m.busy(p)", 6_500), 6_500);
});

natsTest("a worker is a service that NATS's tools find", async () => {
  await using fixture = await startFixture(server!, {
    worker: { name: "pages", version: "1.2.3", moduleHash: "abc" },
  });
  const { connection, far, worker, near } = fixture;
  for (let i = 0; i < 3; i++) await far.run("(m, p) => m.echo(p)", i);
  await assertRejects(() => far.run("(m, p) => m.fail(p)", "x"), JSockDJSException);
  await until(() => worker.stats().failed === 1, "the worker to have counted");
  const ask = async (subject: string) => {
    const { request } = connection as unknown as {
      request(subject: string): Promise<{ json(): Record<string, unknown> }>;
    };
    return (await request.call(connection, subject)).json();
  };
  const identity = { name: "pages", id: worker.id, version: "1.2.3" };
  for (const target of ["", ".pages", `.pages.${worker.id}`]) {
    const { type, name, id, version, metadata } = await ask(`$SRV.PING${target}`);
    assertEquals({ name, id, version }, identity);
    assertEquals(type, "io.nats.micro.v1.ping_response");
    assertEquals(metadata, {
      "server-version": near.serverVersion,
      threads: "1",
      exports: worker.exports.join(" "),
      "module-hash": "abc",
    });
  }
  const info = await ask(`$SRV.INFO.pages.${worker.id}`);
  assertEquals(info.type, "io.nats.micro.v1.info_response");
  assertEquals(info.endpoints, [
    { name: "run", subject: "test.pages", queue_group: "jsockd", metadata: {} },
  ]);
  const stats = await ask(`$SRV.STATS.pages.${worker.id}`);
  const [endpoint] = stats.endpoints as [Record<string, unknown>];
  assertEquals([endpoint.num_requests, endpoint.num_errors, endpoint.last_error], [
    4,
    1,
    "Error: x",
  ]);
  assertEquals((endpoint.data as { worker: unknown }).worker, worker.stats());
});

natsTest("a worker gives up the commands of a caller that is gone", async () => {
  await using fixture = await startFixture(server!);
  const { near, worker, nats, subject } = fixture;
  const connection = await connectToNats({ servers: nats.url });
  await using gone = await connectNatsJSockD({ connection, subject });
  // The first one takes the only thread until the worker has noticed.
  const pending = [3_000, 0, 0].map((ms) =>
    assertRejects(() => gone.run("(m, p) => m.busy(p)", ms), JSockDClientError)
  );
  await until(() => worker.stats().inFlight === 3, "the commands to be taken");
  await connection.close();
  for (const error of await Promise.all(pending)) assertEquals(error.code, "CLOSED");
  await until(() => worker.stats().inFlight === 0, "the worker to have nothing left");
  assertEquals(worker.stats().completed, 0);
  await until(() => near.stats().inFlight === 0, "the thread to be free");
  assertEquals(await fixture.far.run("(m, p) => m.echo(p)", 1), 1);
});

natsTest(
  "serveNats() and connectNatsJSockD() reject with CONFIG when an option is wrong",
  async () => {
    await using fixture = await startFixture(server!);
    const { connection, near, subject } = fixture;
    const wrong = [
      () => serveNats(near, { connection } as never),
      () => serveNats(near, { connection, subject: "a.*" }),
      () => serveNats(near, { connection, subject: "$SRV.x" }),
      () => serveNats(near, { connection: {}, subject } as never),
      () => serveNats(near, { connection, subject, maxInFlight: 0 }),
      () => serveNats(near, { connection, subject, name: "a b" }),
      () => serveNats(near, { connection, subject, version: "1" }),
      () => serveNats(near, { connection, subject, speed: 1 } as never),
      () => connectNatsJSockD({} as never),
      () => connectNatsJSockD({ subject, servers: [] }),
      () => connectNatsJSockD({ subject, connection, servers: fixture.nats.url }),
      () => connectNatsJSockD({ subject, timeoutUs: 0 }),
      () =>
        connectNatsJSockD({ subject, servers: "nats://127.0.0.1:1", nats: { reconnect: false } }),
    ];
    for (const start of wrong) {
      const error = await assertRejects(start, JSockDClientError, undefined, String(start));
      assertEquals(error.code, "CONFIG", String(start));
    }
    await using plain = await startClient(server!);
    await assertRejects(
      () => serveNats(plain, { connection, subject }),
      JSockDClientError,
      "Cannot serve a client whose module exports no functions",
    );
  },
);

natsTest(
  "each command that waits for room rejects with BUSY after queueTimeoutUs, and not one after another",
  async () => {
    await using fixture = await startFixture(server!, {
      worker: { maxInFlight: 1 },
      client: { queueTimeoutUs: 1_000_000 },
      config: { maxCommandRuntimeUs: 60_000_000 },
    });
    const { far } = fixture;
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<number>();
    const long = far.run("(m, p) => m.ask(p)", 1, {
      messageHandler: () => (started.resolve(), release.promise),
      timeoutUs: 60_000_000,
    });
    await started.promise;
    const codes: Promise<string>[] = [];
    const call = (timeoutUs: number) => {
      const called = far.run("(m, p) => m.echo(p)", 1, { timeoutUs });
      codes.push(called.then(() => "answered", ({ code }) => code));
    };
    call(30_000_000);
    // Those that come now wait behind it, and no worker refuses them before it has its answer.
    await until(() => far.stats().queued === 1, "the first command to wait");
    for (let i = 0; i < 40; i++) call(30_000_000);
    const begun = performance.now();
    const settled = await Promise.all(codes);
    const took = performance.now() - begun;
    release.resolve(1);
    assertEquals(await long, 1);
    assertEquals(settled, Array(41).fill("BUSY"));
    // One after another they would take longer than their timeout of 30 s.
    assert(took < 15_000, `${took} ms`);
  },
);
