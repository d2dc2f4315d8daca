import { assertEquals, assertThrows } from "@std/assert";
import { JSockDClientError } from "../../src/common/errors.ts";
import { type Flavor, releaseName } from "../../src/release/platform.ts";

const BUILDS: [os: string, arch: string, flavor: Flavor, name: string][] = [
  ["linux", "x86_64", "default", "jsockd-0.0.139-linux-x86_64"],
  ["linux", "x86_64", "filc", "jsockd-0.0.139-linux-x86_64_filc"],
  ["linux", "aarch64", "default", "jsockd-0.0.139-linux-arm64"],
  ["darwin", "aarch64", "default", "jsockd-0.0.139-macos-arm64"],
];

for (const [os, arch, flavor, name] of BUILDS) {
  Deno.test(`releaseName() returns the ${flavor} build for ${os} on ${arch}`, () => {
    assertEquals(releaseName("0.0.139", flavor, { os, arch }), name);
  });
}

const MISSING: [os: string, arch: string, flavor: Flavor, wayOut: string][] = [
  ["darwin", "x86_64", "default", "the embedded server of '@x/jsockd/embedded'"],
  ["darwin", "aarch64", "filc", "to initJSockDClient"],
  ["linux", "aarch64", "filc", "to initJSockDClient"],
  ["freebsd", "x86_64", "default", "to initJSockDClient"],
  ["windows", "x86_64", "default", "Windows Subsystem for Linux"],
];

for (const [os, arch, flavor, wayOut] of MISSING) {
  Deno.test(`releaseName() throws when there is no ${flavor} build for ${os} on ${arch}`, () => {
    const error = assertThrows(
      () => releaseName("0.0.139", flavor, { os, arch }),
      JSockDClientError,
      `with flavor '${flavor}' for ${os} on ${arch}: the builds are linux-x86_64, ` +
        "linux-x86_64_filc, linux-arm64, macos-arm64; ",
    );
    assertEquals(error.code, "PLATFORM");
    assertEquals(error.message.includes(wayOut), true, error.message);
  });
}
