import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { initJSockDClientViaAutoDownload } from "../../mod.ts";
import { JSockDClientError } from "../../src/common/errors.ts";
import { embeddedExecutable, packExecutable, releasedName } from "./archives.ts";
import { Fixture } from "./fixture.ts";
import { type Answer, redirect } from "./release_server.ts";

const ARCHIVE = `${releasedName}.tar.gz`;
const SIGNATURES = "ed25519_signatures.txt";

const bytes = (length: number) => new Uint8Array(length);
const status = (status: number) => new Response("no", { status });

Deno.test("installJSockD() tries again when a request fails or breaks off", async () => {
  await using fixture = await Fixture.start();
  const archive = await packExecutable(embeddedExecutable());
  const failures: Answer[] = [() => status(500), () => cutAnswer(archive)];
  fixture.server.answer(
    ARCHIVE,
    (request) => failures.shift()?.(request) ?? new Response(archive),
  );
  await fixture.server.sign(archive);
  await fixture.install();
  assertEquals(fixture.server.requested, [SIGNATURES, ARCHIVE, ARCHIVE, ARCHIVE]);
});

/** Returns a response that breaks off. */
function cutAnswer(archive: Uint8Array<ArrayBuffer>): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(archive.slice(0, 100));
      },
      pull(controller) {
        controller.error(new Error("broken off"));
      },
    }),
  );
}

/** Returns a response that never ends. */
function endlessAnswer(): Response {
  const chunk = bytes(1024 * 1024);
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
}

/** Returns a response that stalls after its first bytes. */
function stalledAnswer(): Response {
  return new Response(
    new ReadableStream({ start: (controller) => controller.enqueue(bytes(100)) }),
  );
}

interface Failure {
  /** The failure, as it follows the file in a test name. */
  readonly what: string;
  readonly answer: Answer;
  readonly message: string;
  /** How often the file is requested. */
  readonly requests: number;
}

const FAILURES: readonly Failure[] = [
  {
    what: "is not there",
    answer: () => status(404),
    message: "answered 404 Not Found; check jsockdVersion, flavor and baseUrl",
    requests: 1,
  },
  {
    what: "is forbidden",
    answer: () => status(403),
    message: "answered 403 Forbidden",
    requests: 1,
  },
  {
    what: "stays unavailable",
    answer: () => status(503),
    message: "answered 503 Service Unavailable; tried 3 times",
    requests: 3,
  },
  {
    what: "always breaks off",
    answer: () => cutAnswer(bytes(1000)),
    message: "; tried 3 times",
    requests: 3,
  },
  {
    what: "never ends",
    answer: endlessAnswer,
    message: "it is larger than ",
    requests: 1,
  },
  {
    what: "has a content-length over the limit",
    answer: () => new Response(bytes(64 * 1024 * 1024 + 1)),
    message: "it is larger than ",
    requests: 1,
  },
  {
    what: "redirects to 'http:'",
    answer: () => redirect("http://mirror.example/file"),
    message: "redirects to 'http://mirror.example/file', and only 'https:' is followed",
    requests: 1,
  },
  {
    what: "redirects to 'file:'",
    answer: () => redirect("file:///etc/passwd"),
    message: "redirects to 'file:///etc/passwd', and only 'https:' is followed",
    requests: 1,
  },
  {
    what: "redirects without a location",
    answer: () => status(302),
    message: "redirects to '', and only 'https:' is followed",
    requests: 1,
  },
  {
    what: "redirects to itself",
    answer: ({ url }) => redirect(url),
    message: "there are more than 10 redirects; check baseUrl",
    requests: 11,
  },
];

for (const file of [SIGNATURES, ARCHIVE]) {
  const which = file === ARCHIVE ? "the archive" : "the signature file";
  for (const { what, answer, message, requests } of FAILURES) {
    Deno.test(`installJSockD() rejects when ${which} ${what}`, async () => {
      await using fixture = await Fixture.start();
      fixture.server.answer(file, answer);
      await fixture.assertNotInstalled("DOWNLOAD", message);
      assertEquals(fixture.server.requested.filter((name) => name === file).length, requests);
    });
  }
}

Deno.test("initJSockDClientViaAutoDownload() rejects when the download stalls for timeoutUs", async () => {
  await using fixture = await Fixture.start();
  fixture.server.answer(ARCHIVE, stalledAnswer);
  const config = { nThreads: 1, timeoutUs: 100_000 };
  const error = await assertRejects(
    () => initJSockDClientViaAutoDownload(config, fixture.options),
    JSockDClientError,
    "nothing was received for 100 ms; tried 3 times",
  );
  assertEquals(error.code, "DOWNLOAD");
  fixture.assertEmpty();
});

Deno.test("installJSockD() rejects when the server cannot be reached", async () => {
  await using fixture = await Fixture.start();
  const { baseUrl } = fixture.server;
  await fixture.server[Symbol.asyncDispose]();
  await fixture.assertNotInstalled(
    "DOWNLOAD",
    `Cannot download '${baseUrl}/v0.0.139/${SIGNATURES}'`,
  );
  await fixture.assertNotInstalled("DOWNLOAD", "Connection refused");
});

Deno.test("installJSockD() rejects with the signal's reason when it aborts during a download", async () => {
  await using fixture = await Fixture.start();
  fixture.server.answer(ARCHIVE, stalledAnswer);
  const controller = new AbortController();
  const reason = new Error("no more");
  const installed = fixture.install({
    signal: controller.signal,
    onProgress: ({ file }) => file === ARCHIVE && controller.abort(reason),
  });
  assertStrictEquals(await assertRejects(() => installed), reason);
  fixture.assertEmpty();
});

Deno.test("installJSockD() rejects with the signal's reason when it aborts between two attempts", async () => {
  await using fixture = await Fixture.start();
  const controller = new AbortController();
  const reason = new Error("no more");
  fixture.server.answer(ARCHIVE, () => {
    controller.abort(reason);
    return status(500);
  });
  const installed = fixture.install({ signal: controller.signal });
  assertStrictEquals(await assertRejects(() => installed), reason);
  fixture.assertEmpty();
  assert(fixture.server.requested.length <= 2);
});

Deno.test("installJSockD() rejects with the same error and leaves nothing behind when onProgress throws", async () => {
  await using fixture = await Fixture.start();
  const error = new TypeError("from onProgress");
  const onProgress = () => {
    throw error;
  };
  assertStrictEquals(await assertRejects(() => fixture.install({ onProgress })), error);
  fixture.assertEmpty();
  assertEquals(fixture.server.requested, [SIGNATURES]);
});
