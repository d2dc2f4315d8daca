import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { resolveConfig } from "../../src/config/config.ts";
import { JSockDClientError } from "../../src/common/errors.ts";
import { permissionFlags, requirePermissions } from "../../src/client/permissions.ts";
import type { AutoDownloadOptions } from "../../src/release/options.ts";
import { releaseName } from "../../src/release/platform.ts";

Deno.test("permissionFlags() names the executable, the folder and each socket", () => {
  assertEquals(permissionFlags({ nThreads: 2, socketDir: "/run/app" }, ["/bin/deno", "run"]), [
    "--allow-run=/bin/deno",
    "--allow-read=/run/app",
    "--allow-write=/run/app",
    "--allow-net=unix:/run/app/jsd_0.sock,unix:/run/app/jsd_1.sock",
  ]);
});

Deno.test("permissionFlags() needs the whole net for sockets whose paths are not known before", () => {
  assertEquals(permissionFlags({ nThreads: 2 }, "jsockd"), [
    "--allow-run=jsockd",
    "--allow-read=/tmp",
    "--allow-write=/tmp",
    "--allow-net",
  ]);
});

Deno.test("permissionFlags() names what a download takes: the cache, its executable and the hosts", () => {
  const config = { nThreads: 1, socketDir: "/run/app", jsockdVersion: "1.2.3" };
  assertEquals(permissionFlags(config, { cacheDir: "/cache" }), [
    `--allow-run=/cache/${releaseName("1.2.3", "default")}/jsockd`,
    "--allow-read=/run/app,/cache",
    "--allow-write=/run/app,/cache",
    "--allow-net=unix:/run/app/jsd_0.sock,github.com:443," +
    "release-assets.githubusercontent.com:443,objects.githubusercontent.com:443",
  ]);
});

Deno.test("permissionFlags() names the host and port of a mirror, and those only", () => {
  const config = { nThreads: 1, socketDir: "/run/app" };
  assertEquals(
    permissionFlags(config, { cacheDir: "/cache", baseUrl: "http://127.0.0.1:8080/a" }).at(-1),
    "--allow-net=unix:/run/app/jsd_0.sock,127.0.0.1:8080",
  );
});

Deno.test("permissionFlags() needs the whole net for a download as well, without socketDir", () => {
  assertEquals(permissionFlags({ nThreads: 1 }, { cacheDir: "/cache" }).at(-1), "--allow-net");
});

Deno.test("permissionFlags() names no folder twice", () => {
  const flags = permissionFlags({ nThreads: 1, socketDir: "/app" }, { cacheDir: "/app" });
  assertEquals(flags.slice(1, 3), ["--allow-read=/app", "--allow-write=/app"]);
});

Deno.test("permissionFlags() does not need the files that the server reads", () => {
  const config = { nThreads: 1, socketDir: "/run/app" };
  const withModule = {
    ...config,
    bytecodeModuleFile: "/srv/module",
    bytecodeModulePublicKey: "00".repeat(32),
    sourceMap: "/srv/module.map",
  };
  assertEquals(permissionFlags(withModule, "jsockd"), permissionFlags(config, "jsockd"));
});

Deno.test("permissionFlags() says that it may not look for the user's folder for caches", () => {
  const error = assertThrows(() => permissionFlags({}, {}), JSockDClientError, "--allow-env=HOME");
  assertEquals(error.code, "PERMISSION");
  assertStringIncludes(error.message, "cacheDir");
});

Deno.test("permissionFlags() refuses download options that no client would take", () => {
  const options = { flavour: "filc" } as AutoDownloadOptions;
  assertThrows(() => permissionFlags({}, options), JSockDClientError, "did you mean 'flavor'?");
});

Deno.test("permissionFlags() names no value that has a comma, which would be read as two", () => {
  const config = { nThreads: 1, socketDir: "/run/a,b" };
  assertEquals(permissionFlags(config, "/bin/jsockd"), [
    "--allow-run=/bin/jsockd",
    "--allow-read",
    "--allow-write",
    "--allow-net",
  ]);
});

Deno.test("permissionFlags() refuses a configuration that no client would take", () => {
  assertThrows(() => permissionFlags({ nThreads: 0 }, "jsockd"), JSockDClientError, "nThreads");
});

Deno.test("requirePermissions() names everything that is missing, at once", async () => {
  const config = resolveConfig({ nThreads: 1, socketDir: "/run/my app" });
  const error = await assertRejects(
    () => requirePermissions(config, "/usr/bin/jsockd"),
    JSockDClientError,
    "--allow-run=/usr/bin/jsockd '--allow-read=/run/my app' '--allow-write=/run/my app' " +
      "'--allow-net=unix:/run/my app/jsd_0.sock'",
  );
  assertEquals(error.code, "PERMISSION");
});
