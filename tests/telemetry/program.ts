/**
 * Runs some commands, then waits for the end of stdin, so that metrics are reported in the
 * meantime.
 */
import { trace } from "@opentelemetry/api";
import { initEmbeddedJSockDClient } from "../../src/embedded/mod.ts";

await using client = await initEmbeddedJSockDClient({ nThreads: 1, logger: () => {} });
await trace.getTracer("test").startActiveSpan("request", async (span) => {
  await client.run("(_, secret) => secret.length", "parameter-secret");
  await client.run(
    "(_, secret) => JSockD.sendMessage(secret)",
    "message-secret",
    async (message) => {
      await client.run("(_, n) => n", 1, { timeoutUs: 50_000 }).catch(() => {});
      return message;
    },
  );
  span.end();
});
await client.run("(_, secret) => { throw new Error(secret) }", "thrown-secret").catch(() => {});
await Deno.stdin.readable.pipeTo(new WritableStream());
