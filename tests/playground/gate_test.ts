import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Gate, readJson, Refusal } from "../../src/playground/gate.ts";

const PORT = 8000;
const HOST = `127.0.0.1:${PORT}`;
const gate = new Gate(PORT);

/** Returns a request as the page sends it, with other headers. */
function request(
  method: string,
  headers: Record<string, string | undefined>,
  path = `${gate.path}run`,
): Request {
  const all = { host: HOST, origin: `http://${HOST}`, "sec-fetch-site": "same-origin", ...headers };
  const sent = Object.entries(all).filter(([, value]) => value !== undefined) as [string, string][];
  return new Request(`http://${all.host}${path}`, { method, headers: sent });
}

Deno.test("Gate.check() lets the page in, by either name of the loopback address", () => {
  assertEquals(gate.check(request("POST", {})), "run");
  assertEquals(
    gate.check(request("POST", { host: `localhost:${PORT}`, origin: `http://localhost:${PORT}` })),
    "run",
  );
  const opened = request("GET", { origin: undefined, "sec-fetch-site": "none" }, gate.path);
  assertEquals(gate.check(opened), "");
});

const FOREIGN: Readonly<Record<string, Request>> = {
  "the host is another name that resolves to this machine": request("GET", {
    host: `evil.example:${PORT}`,
    origin: undefined,
  }),
  "host and origin are the same foreign name": request("POST", {
    host: `evil.example:${PORT}`,
    origin: `http://evil.example:${PORT}`,
  }),
  "the host begins with the page's": request("GET", {
    host: `127.0.0.1.evil.example:${PORT}`,
    origin: undefined,
  }),
  "the port is another": request("GET", { host: "127.0.0.1:8001", origin: undefined }),
  "the origin is another site": request("POST", { origin: "https://evil.example" }),
  "the origin is another port of this machine": request("POST", {
    origin: "http://127.0.0.1:9000",
  }),
  "the origin is opaque, as in a sandboxed frame": request("POST", { origin: "null" }),
  "a POST has no origin": request("POST", { origin: undefined }),
  "a GET comes from another site": request("GET", {
    origin: undefined,
    "sec-fetch-site": "cross-site",
  }),
  "a GET comes from another port": request("GET", {
    origin: undefined,
    "sec-fetch-site": "same-site",
  }),
  "the secret is missing": request("POST", {}, "/run"),
  "the secret is wrong": request("POST", {}, `/${crypto.randomUUID()}/run`),
};

for (const [name, foreign] of Object.entries(FOREIGN)) {
  Deno.test(`Gate.check() refuses a request when ${name}`, () => {
    const { status } = assertThrows(() => gate.check(foreign), Refusal);
    assertEquals(status, 403);
  });
}

Deno.test("Gate has another secret each time", () => {
  assert(new Gate(PORT).path !== gate.path);
});

Deno.test("readJson() reads an object", async () => {
  const headers = { "content-type": "application/json; charset=utf-8" };
  const sent = new Request(`http://${HOST}`, { method: "POST", headers, body: '{"a":1}' });
  assertEquals(await readJson(sent), { a: 1 });
});

const BODIES: Readonly<Record<string, readonly [string, string, number]>> = {
  "a form, which other sites can send": ["text/plain", "{}", 415],
  "a form with a type that begins alike": ["application/jsonp", "{}", 415],
  "no JSON": ["application/json", "{", 400],
  "no object": ["application/json", "1", 400],
  "too large": ["application/json", JSON.stringify("a".repeat(3_000_000)), 413],
};

for (const [name, [type, body, expected]] of Object.entries(BODIES)) {
  Deno.test(`readJson() rejects when the body is ${name}`, async () => {
    const headers = { "content-type": type };
    const sent = new Request(`http://${HOST}`, { method: "POST", headers, body });
    const { status } = await assertRejects(() => readJson(sent), Refusal);
    assertEquals(status, expected);
  });
}
