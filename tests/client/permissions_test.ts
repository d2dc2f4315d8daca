import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { resolveConfig } from "../../src/config/config.ts";
import { JSockDClientError } from "../../src/common/errors.ts";
import { permissionFlags, requirePermissions } from "../../src/client/permissions.ts";
import type { AutoDownloadOptions } from "../../src/release/options.ts";
import { releaseName } from "../../src/release/platform.ts";

Deno.test("permissionFlags() names the executable, the folder and each socket", () => {
  assertEquals(permissionFlags({ nThreads: 2, socketDir: "/run/app" }, ["/bin/deno", "run"]), [
    "--allow-run=/bin/deno,/bin/ps",
    "--allow-read=/run/app",
    "--allow-write=/run/app",
    "--allow-net=unix:/run/app/jsd_0.sock,unix:/run/app/jsd_1.sock",
  ]);
});

Deno.test("permissionFlags() returns --allow-net as a whole when there is no socketDir", () => {
  assertEquals(permissionFlags({ nThreads: 2 }, "jsockd"), [
    "--allow-run=jsockd,/bin/ps",
    "--allow-read=/tmp",
    "--allow-write=/tmp",
    "--allow-net",
  ]);
});

Deno.test("permissionFlags() names the cache, its executable and the hosts when given download options", () => {
  const config = { nThreads: 1, socketDir: "/run/app", jsockdVersion: "1.2.3" };
  assertEquals(permissionFlags(config, { cacheDir: "/cache" }), [
    `--allow-run=/cache/${releaseName("1.2.3", "default")}/jsockd,/bin/ps`,
    "--allow-read=/run/app,/cache",
    "--allow-write=/run/app,/cache",
    "--allow-net=unix:/run/app/jsd_0.sock,github.com:443," +
    "release-assets.githubusercontent.com:443,objects.githubusercontent.com:443",
  ]);
});

Deno.test("permissionFlags() names only the host and port of the mirror when there is one", () => {
  const config = { nThreads: 1, socketDir: "/run/app" };
  assertEquals(
    permissionFlags(config, { cacheDir: "/cache", baseUrl: "http://127.0.0.1:8080/a" }).at(-1),
    "--allow-net=unix:/run/app/jsd_0.sock,127.0.0.1:8080",
  );
});

Deno.test("permissionFlags() returns --allow-net as a whole when it downloads without socketDir", () => {
  assertEquals(permissionFlags({ nThreads: 1 }, { cacheDir: "/cache" }).at(-1), "--allow-net");
});

Deno.test("permissionFlags() names a folder once when it is both socketDir and cacheDir", () => {
  const flags = permissionFlags({ nThreads: 1, socketDir: "/app" }, { cacheDir: "/app" });
  assertEquals(flags.slice(1, 3), ["--allow-read=/app", "--allow-write=/app"]);
});

Deno.test("permissionFlags() leaves out the files that only the server reads", () => {
  const config = { nThreads: 1, socketDir: "/run/app" };
  const withModule = {
    ...config,
    bytecodeModuleFile: "/srv/module",
    bytecodeModulePublicKey: "00".repeat(32),
    sourceMap: "/srv/module.map",
  };
  assertEquals(permissionFlags(withModule, "jsockd"), permissionFlags(config, "jsockd"));
});

Deno.test("permissionFlags() throws PERMISSION when it may not read HOME and there is no cacheDir", () => {
  const error = assertThrows(() => permissionFlags({}, {}), JSockDClientError, "--allow-env=HOME");
  assertEquals(error.code, "PERMISSION");
  assertStringIncludes(error.message, "cacheDir");
});

Deno.test("permissionFlags() throws when a download option is unknown", () => {
  const options = { flavour: "filc" } as AutoDownloadOptions;
  assertThrows(() => permissionFlags({}, options), JSockDClientError, "did you mean 'flavor'?");
});

Deno.test("permissionFlags() returns a flag without values when a value has a comma", () => {
  const config = { nThreads: 1, socketDir: "/run/a,b" };
  assertEquals(permissionFlags(config, "/bin/jsockd"), [
    "--allow-run=/bin/jsockd,/bin/ps",
    "--allow-read",
    "--allow-write",
    "--allow-net",
  ]);
});

Deno.test("permissionFlags() throws when the configuration is not valid", () => {
  assertThrows(() => permissionFlags({ nThreads: 0 }, "jsockd"), JSockDClientError, "nThreads");
});

Deno.test("requirePermissions() rejects with all flags when several permissions are missing", async () => {
  const config = resolveConfig({ nThreads: 1, socketDir: "/run/my app" });
  const error = await assertRejects(
    () => requirePermissions(config, "/usr/bin/jsockd"),
    JSockDClientError,
    "--allow-run=/usr/bin/jsockd '--allow-read=/run/my app' '--allow-write=/run/my app' " +
      "'--allow-net=unix:/run/my app/jsd_0.sock'",
  );
  assertEquals(error.code, "PERMISSION");
});
