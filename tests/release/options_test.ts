import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { initJSockDClientViaAutoDownload, installJSockD } from "../../src/client/auto_download.ts";
import { JSockDClientError } from "../../src/common/errors.ts";
import { type AutoDownloadOptions, checkOptions } from "../../src/release/options.ts";

const REFUSED: [options: unknown, message: string][] = [
  [{ chacheDir: "/cache" }, "no field 'chacheDir'; did you mean 'cacheDir'?"],
  [{ cacheDir: "" }, 'Cannot use "" as cacheDir: expected a path'],
  [{ flavor: "vanilla" }, "Cannot use \"vanilla\" as flavor: expected one of 'default', 'filc'"],
  [{ signal: "now" }, "expected an AbortSignal"],
  [{ onProgress: true }, "expected a function"],
  [{ publicKey: "b136" }, "expected 64 hexadecimal digits"],
  [{ baseUrl: "mirror.example" }, "expected a URL that begins with 'https:'"],
  [{ baseUrl: "ftp://mirror.example" }, "expected a URL that begins with 'https:'"],
  [{ baseUrl: "http://mirror.example" }, "or with 'http:' for this machine"],
  [{ baseUrl: "https://mirror.example/?token=1" }, "without ? and #"],
  [{ baseUrl: "https://mirror.example/#releases" }, "without ? and #"],
  [{ baseUrl: "http://127.0.0.1.example" }, "or with 'http:' for this machine"],
  [{ baseUrl: "http://localhost.example" }, "or with 'http:' for this machine"],
  [{ version: "../1" }, "expected a version such as 0.0.139"],
];

for (const [options, message] of REFUSED) {
  Deno.test(`checkOptions() throws when given ${Deno.inspect(options)}`, () => {
    const error = assertThrows(() => checkOptions(options as object), JSockDClientError, message);
    assertEquals(error.code, "CONFIG");
  });
}

for (
  const baseUrl of [
    "https://mirror.example/a/b",
    "http://localhost:8080",
    "http://127.0.0.2",
    "http://[::1]/",
  ]
) {
  Deno.test(`checkOptions() accepts ${baseUrl} as baseUrl`, () => {
    assertEquals(checkOptions({ baseUrl }), { baseUrl });
  });
}

Deno.test("checkOptions() drops an option when it is undefined", () => {
  const options = { flavor: "filc", cacheDir: undefined } as unknown as AutoDownloadOptions;
  assertEquals(checkOptions(options), { flavor: "filc" });
});

Deno.test("installJSockD() and initJSockDClientViaAutoDownload() reject when an option is wrong", async () => {
  const options = { flavor: "vanilla" } as unknown as AutoDownloadOptions;
  await assertRejects(() => installJSockD(options), JSockDClientError, "as flavor");
  await assertRejects(
    () => initJSockDClientViaAutoDownload({}, options),
    JSockDClientError,
    "as flavor",
  );
  await assertRejects(
    () => initJSockDClientViaAutoDownload({ nThreads: 0 }, options),
    JSockDClientError,
    "as nThreads",
  );
});

Deno.test("installJSockD() and initJSockDClientViaAutoDownload() reject with the signal's reason when it has aborted", async () => {
  const options = { signal: AbortSignal.abort(new Error("no more")), cacheDir: "/cache" };
  await assertRejects(() => installJSockD(options), Error, "no more");
  await assertRejects(() => initJSockDClientViaAutoDownload({}, options), Error, "no more");
});
