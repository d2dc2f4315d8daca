import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { hashQuery } from "../../src/telemetry/telemetry.ts";
import { within } from "../support/within.ts";

interface Attribute {
  readonly key: string;
  readonly value: { stringValue?: string; intValue?: string; doubleValue?: number };
}

interface Span {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

interface DataPoint {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly count?: string;
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { dataPoints: DataPoint[] };
  readonly gauge?: { dataPoints: DataPoint[] };
  readonly histogram?: { dataPoints: DataPoint[] };
}

interface Report {
  readonly text: string;
  readonly spans: readonly Span[];
  readonly metrics: readonly Metric[];
}

/** Runs the program with an OpenTelemetry collector, and resolves to what it reported. */
async function collect(): Promise<Report> {
  const received: string[] = [];
  const countsReceived = Promise.withResolvers<void>();
  await using collector = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const text = await request.text();
      received.push(text);
      // The last command is the one that throws.
      if (text.includes("jsockd.client.io") && text.includes("EXCEPTION")) countsReceived.resolve();
      return new Response("{}", { headers: { "content-type": "application/json" } });
    },
  );
  await using program = new Deno.Command(Deno.execPath(), {
    args: ["run", "--frozen", "-A", fromFileUrl(new URL("program.ts", import.meta.url))],
    env: {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_METRIC_EXPORT_INTERVAL: "100",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const output = program.output();
  await within(Promise.race([countsReceived.promise, output]), "the client's counts");
  await program.stdin.close();
  const { success, stderr } = await output;
  assert(success, new TextDecoder().decode(stderr));
  const ofScope = (scoped: { scope?: { name: string } }) => scoped.scope?.name === "@x/jsockd";
  const reports = received.map((text) => JSON.parse(text));
  const spans = reports.flatMap((report) => report.resourceSpans ?? [])
    .flatMap((resource) => resource.scopeSpans).filter((scoped) =>
      ofScope(scoped) || scoped.scope?.name === "test"
    )
    .flatMap((scoped) => scoped.spans);
  const metrics = reports.flatMap((report) => report.resourceMetrics ?? [])
    .flatMap((resource) => resource.scopeMetrics).filter(ofScope)
    .flatMap((scoped) => scoped.metrics);
  return { text: received.join("\n"), spans, metrics };
}

function attributes({ attributes }: { attributes: readonly Attribute[] }) {
  return Object.fromEntries(attributes.map(({ key, value }) => {
    const { stringValue, intValue, doubleValue } = value;
    return [key, stringValue ?? (intValue === undefined ? doubleValue : Number(intValue))];
  }));
}

Deno.test("JSockDClient reports its commands, but not their contents, when OpenTelemetry is on", async (t) => {
  const { text, spans, metrics } = await collect();
  const outcomeOf = (query: string) =>
    spans.filter((span) => attributes(span)["jsockd.query.hash"] === hashQuery(query))
      .map((span) => attributes(span)["jsockd.outcome"]);
  const named = (name: string) => spans.filter((span) => span.name === name);

  await t.step("each command has a span with its outcome", () => {
    assertEquals(outcomeOf("(_, secret) => secret.length"), ["ok"]);
    assertEquals(outcomeOf("(_, secret) => JSockD.sendMessage(secret)"), ["ok"]);
    assertEquals(outcomeOf("(_, n) => n"), ["TIMEOUT"]);
    assertEquals(outcomeOf("(_, secret) => { throw new Error(secret) }"), ["EXCEPTION"]);
  });

  await t.step("a span has the thread, the time in the queue, and the runtime", () => {
    const [span] = named("jsockd.run").filter((span) =>
      attributes(span)["jsockd.query.hash"] === hashQuery("(_, secret) => secret.length")
    );
    assert(span !== undefined);
    const found = attributes(span);
    assertEquals(found["jsockd.thread"], 0);
    for (const time of [found["jsockd.queued_ms"], found["jsockd.run_ms"]]) {
      assert(typeof time === "number" && time >= 0, `${time}`);
    }
  });

  await t.step("messages are child spans, and so are commands that their handlers run", () => {
    const [request] = named("request");
    const [message] = named("jsockd.message");
    assert(request !== undefined && message !== undefined);
    const sender = spans.find((span) => span.spanId === message.parentSpanId);
    assertEquals(sender?.name, "jsockd.run");
    assertEquals(sender?.parentSpanId, request.spanId);
    const nested = spans.filter((span) => span.parentSpanId === message.spanId);
    assertEquals(nested.map((span) => span.name), ["jsockd.run"]);
  });

  await t.step("there are metrics", () => {
    const points = (name: string) =>
      metrics.filter((metric) => metric.name === name).flatMap((metric) =>
        (metric.sum ?? metric.gauge ?? metric.histogram)?.dataPoints ?? []
      );
    const durations = points("jsockd.client.command.duration").map((point) =>
      `${attributes(point)["jsockd.outcome"]} ${point.count}`
    );
    assertEquals(
      new Set(durations).intersection(new Set(["EXCEPTION 1", "TIMEOUT 1", "ok 2"])).size,
      3,
      durations.join(),
    );
    for (const name of ["commands.queued", "commands.in_flight", "restarts"]) {
      assertEquals(Number(points(`jsockd.client.${name}`).at(-1)?.asDouble), 0, name);
    }
    for (const direction of ["transmit", "receive"]) {
      const last = points("jsockd.client.io").findLast((point) =>
        attributes(point)["network.io.direction"] === direction
      );
      assert(Number(last?.asDouble) > 0, direction);
    }
  });

  await t.step("nothing contains a parameter, a message or the text of a query", () => {
    assertMatch(text, /jsockd\.query\.hash/);
    for (const secret of ["parameter-secret", "message-secret", "thrown-secret", "secret.length"]) {
      assert(!text.includes(secret), secret);
    }
  });
});
