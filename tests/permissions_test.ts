import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { resolveConfig } from "../src/config.ts";
import { JSockDClientError } from "../src/errors.ts";
import { permissionFlags, requirePermissions } from "../src/permissions.ts";

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

Deno.test("permissionFlags() doubles commas, which would separate paths", () => {
  const flags = permissionFlags({ nThreads: 1, socketDir: "/run/a,b" }, "/bin/j,d");
  assertEquals(flags, [
    "--allow-run=/bin/j,,d",
    "--allow-read=/run/a,,b",
    "--allow-write=/run/a,,b",
    "--allow-net=unix:/run/a,,b/jsd_0.sock",
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
