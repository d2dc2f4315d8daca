import { assertEquals } from "@std/assert";
import { downloadHosts, OFFICIAL_PUBLIC_KEY, Release } from "../../src/release/release.ts";
import { releasedName } from "./archives.ts";

Deno.test("Release describes the official release when no options are given", () => {
  const release = new Release({}, "/cache");
  assertEquals(
    release.url(release.archiveFile).href,
    `https://github.com/addrummond/jsockd/releases/download/v0.0.139/${releasedName}.tar.gz`,
  );
  assertEquals(
    release.url("ed25519_signatures.txt").href,
    "https://github.com/addrummond/jsockd/releases/download/v0.0.139/ed25519_signatures.txt",
  );
  assertEquals(
    release.publicKey,
    "b136fca8fbfc42fe6dc95dedd035b0b50ad93b6a5d6fcaf8fc0552e9d29ee406",
  );
  assertEquals(OFFICIAL_PUBLIC_KEY, release.publicKey);
});

Deno.test("Release.executable is in a separate folder for each version and build", () => {
  const release = new Release({ version: "1.2.3" }, "/cache");
  assertEquals(release.executable, `/cache/${releasedName.replace("0.0.139", "1.2.3")}/jsockd`);
});

Deno.test("Release.url() is below baseUrl when that is set, with or without a trailing slash", () => {
  for (const baseUrl of ["https://mirror.example/a", "https://mirror.example/a//"]) {
    const release = new Release({ baseUrl, version: "1.2.3" }, "/cache");
    assertEquals(release.url("file").href, "https://mirror.example/a/v1.2.3/file");
  }
});

Deno.test("downloadHosts() returns the official hosts and the targets of their redirects by default", () => {
  assertEquals(downloadHosts({}), [
    "github.com:443",
    "release-assets.githubusercontent.com:443",
    "objects.githubusercontent.com:443",
  ]);
});

Deno.test("downloadHosts() returns the mirror's host and port when baseUrl is set", () => {
  assertEquals(downloadHosts({ baseUrl: "https://mirror.example/a" }), ["mirror.example:443"]);
  assertEquals(downloadHosts({ baseUrl: "https://mirror.example:8443" }), ["mirror.example:8443"]);
  assertEquals(downloadHosts({ baseUrl: "http://127.0.0.1/" }), ["127.0.0.1:80"]);
  assertEquals(downloadHosts({ baseUrl: "http://[::1]:8080/" }), ["[::1]:8080"]);
});
