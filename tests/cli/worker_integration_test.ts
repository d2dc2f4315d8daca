import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { credsAuthenticator } from "@nats-io/transport-node";
import { connectNatsJSockD } from "../../src/nats/mod.ts";
import type * as Module from "../nats/module.ts";
import { BuiltFolder, WorkerProcess } from "../nats/worker_process.ts";
import { namesIn } from "../support/files.ts";
import { NatsOperator } from "../support/nats_operator.ts";
import { NatsServer, natsTest } from "../support/nats_server.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { call, processesNaming } from "./program.ts";

natsTest("jsockd worker runs the exports of its module, and no other code", async () => {
  await using nats = await NatsServer.start();
  await using module = await BuiltFolder.build();
  const options = { nats: nats.url, subject: "pages", module: module.path };
  await using worker = await WorkerProcess.start(options);
  await using client = await connectNatsJSockD({ servers: nats.url, subject: "pages" });
  assertEquals(await client.withModule<typeof Module>().run((m, p) => m.echo(p), "x"), "x");
  await assertRejects(() => client.run("(_, n) => n + 1", 41), Error, "--allow-code");
  assertMatch(worker.line, /^Worker \w+ takes commands on pages$/);
  assertEquals(worker.stderr, "");
});

natsTest("jsockd worker runs any code when --allow-code is given", async () => {
  await using nats = await NatsServer.start();
  await using _worker = await WorkerProcess.start({
    nats: nats.url,
    subject: "any",
    args: ["--allow-code", "--queue", "others", "--max-in-flight", "2"],
  });
  await using client = await connectNatsJSockD({ servers: nats.url, subject: "any" });
  assertEquals(await client.runAll("(_, n) => n + 1", [41, 42, 43]), [42, 43, 44]);
});

natsTest("jsockd worker connects with TLS and a token when it is given them", async () => {
  await using nats = await NatsServer.start({ tls: true, authorization: { token: "secret" } });
  const ca = nats.certificate;
  const options = { nats: nats.url, subject: "any", env: { NATS_TOKEN: "secret" } };
  const args = ["--allow-code", "--tls-ca", ca];
  await using _worker = await WorkerProcess.start({ ...options, args });
  await using client = await connectNatsJSockD({
    servers: nats.url,
    subject: "any",
    nats: { token: "secret", tls: { caFile: ca } },
  });
  assertEquals(await client.run("(_, n) => n + 1", 41), 42);

  const untrusting = () => WorkerProcess.start({ ...options, args: ["--allow-code"] });
  await assertRejects(untrusting, Error, "self-signed certificate");
});

natsTest("jsockd worker connects with a certificate of its own", async () => {
  await using nats = await NatsServer.start({ tls: "mutual" });
  const { certificate, key } = nats;
  const options = { nats: nats.url, subject: "any" };
  const args = ["--allow-code", "--tls-ca", certificate];
  const own = ["--tls-cert", certificate, "--tls-key", key];
  await using _worker = await WorkerProcess.start({ ...options, args: [...args, ...own] });
  await using client = await connectNatsJSockD({
    servers: nats.url,
    subject: "any",
    nats: { tls: { caFile: certificate, certFile: certificate, keyFile: key } },
  });
  assertEquals(await client.run("(_, n) => n + 1", 41), 42);

  const nobody = () => WorkerProcess.start({ ...options, args });
  await assertRejects(nobody, Error, "it may want a certificate");
});

natsTest("jsockd worker connects with credentials, as a user with answers of its own", async () => {
  await using folder = await TempFolder.make();
  const operator = await NatsOperator.make();
  await using nats = await NatsServer.start({ operator });
  const creds = join(folder.path, "worker.creds");
  await Deno.writeTextFile(
    creds,
    await operator.makeUser({
      publish: ["_CALLER.>"],
      subscribe: ["any", "$SRV.>", "_WORKER.>"],
    }),
  );
  const options = { nats: nats.url, subject: "any" };
  const args = ["--allow-code", "--creds", creds, "--inbox-prefix", "_WORKER"];
  await using worker = await WorkerProcess.start({ ...options, args });
  const caller = await operator.makeUser({
    publish: ["any", "$SRV.PING.>", "_WORKER.>"],
    subscribe: ["_CALLER.>"],
  });
  await using client = await connectNatsJSockD({
    servers: nats.url,
    subject: "any",
    nats: {
      authenticator: credsAuthenticator(new TextEncoder().encode(caller)),
      inboxPrefix: "_CALLER",
    },
  });
  const ask = "(_, n) => JSockD.sendMessage(n) + 1";
  assertEquals(await client.run(ask, 41, (n) => n), 42);
  assertEquals(worker.stderr, "");

  const stranger = await NatsOperator.make();
  await Deno.writeTextFile(creds, await stranger.makeUser({ publish: [">"], subscribe: [">"] }));
  const start = () => WorkerProcess.start({ ...options, args });
  await assertRejects(start, Error, "Authorization Violation");
});

natsTest("jsockd worker says once that NATS does not let it reply", async () => {
  await using nats = await NatsServer.start({
    permissions: { publish: ["any", "_INBOX.>"], subscribe: [">"] },
  });
  await using worker = await WorkerProcess.start({
    nats: nats.url,
    subject: "any",
    args: ["--allow-code"],
  });
  await using client = await connectNatsJSockD({
    servers: nats.url,
    subject: "any",
    nats: { inboxPrefix: "_OTHER" },
  });
  const calls = [1, 2].map((n) => assertRejects(() => client.run("(_, n) => n", n)));
  await Promise.all(calls);
  assertMatch(
    worker.stderr,
    /^\S+ ERROR NATS does not allow what this worker needs: .*Publish to "_OTHER\.\S+"$/,
  );
});

for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]] as const) {
  natsTest(
    `jsockd worker exits with ${code} and leaves nothing behind when it gets ${signal}`,
    async () => {
      await using folder = await TempFolder.make();
      await using nats = await NatsServer.start();
      await using worker = await WorkerProcess.start({
        nats: nats.url,
        subject: "any",
        args: ["--allow-code"],
        env: { TMPDIR: folder.path },
      });
      await using client = await connectNatsJSockD({ servers: nats.url, subject: "any" });
      const busy = "() => { const end = Date.now() + 500; while (Date.now() < end); return 1 }";
      const started = Promise.withResolvers<void>();
      const running = client.run(
        `(_, p) => { JSockD.sendMessage("started"); return (${busy})(); }`,
        null,
        () => started.resolve(),
      );
      await started.promise;
      worker.kill(signal);
      assertEquals(await running, 1);
      assertEquals((await worker.exited()).code, code);
      assertEquals([worker.stderr, namesIn(folder.path), processesNaming(folder.path)], [
        "",
        [],
        [],
      ]);
    },
  );
}

natsTest("jsockd worker says so when it cannot connect", async () => {
  await using nats = await NatsServer.start();
  await nats.kill();
  const args = ["worker", "--embedded", "--allow-code", "--subject", "any", "--nats", nats.url];
  const { code, stdout, stderr } = await call(args);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(
    stderr,
    /^error: Cannot connect to NATS at '?nats:\/\/127\.0\.0\.1:\d+'?: .*refused/m,
  );
});

Deno.test("jsockd worker exits with 2 and starts nothing when the arguments are wrong", async () => {
  await using folder = await TempFolder.make();
  const missing = join(folder.path, "missing");
  const code = ["--subject", "s", "--allow-code"];
  const cases: [string[], RegExp][] = [
    [["--allow-code"], /^error: Cannot run this command without --subject\n/],
    [["--subject", "s"], /^error: Cannot run this command without --module: .* --allow-code\n/],
    [[...code, "operand"], /^error: Cannot use 'operand': expected options only\n/],
    [[...code, "--nats", "nats://u:p@host"], /^error: Cannot use --nats .*NATS_PASSWORD/],
    [[...code, "--user", "u"], /^error: Cannot use --user without .* NATS_PASSWORD\n/],
    [[...code, "--user", "u", "--creds", "f"], /^error: Cannot use --creds and --user together/],
    [[...code, "--creds", missing], /^error: Cannot use --creds '.*': there is no such file\n/],
    [[...code, "--tls-ca", missing], /^error: Cannot use --tls-ca '.*': there is no such file\n/],
    [[...code, "--tls-key", "f"], /^error: Cannot use one of --tls-cert and --tls-key/],
    [[...code, "--max-in-flight", "0"], /^error: Cannot use '0' as --max-in-flight/],
    [[...code, "--embedded", "--exec", "x"], /^error: Cannot use --embedded and --exec together/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await call(["worker", ...args], { env: { NATS_TOKEN: "" } });
    assertEquals([code, stdout], [2, ""], stderr);
    assertMatch(stderr, expected);
  }
});

natsTest("jsockd worker exits with 1 when --inbox-prefix is no subject", async () => {
  const args = ["worker", "--embedded", "--allow-code", "--subject", "any"];
  for (const prefix of ["two words", "wild.*"]) {
    const { code, stdout, stderr } = await call([...args, "--inbox-prefix", prefix]);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^error: .*inboxPrefix.*subject.*\(CONFIG\)\n$/);
  }
});

natsTest("jsockd worker exits with 1 when the subject is no subject", async () => {
  await using nats = await NatsServer.start();
  for (const subject of ["two words", "wild.*", ""]) {
    const nowhere = ["--nats", nats.url, "--subject", subject];
    const args = ["worker", "--embedded", "--allow-code", ...nowhere];
    const { code, stdout, stderr } = await call(args);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^error: .*subject.*\(CONFIG\)\n$/);
  }
});
