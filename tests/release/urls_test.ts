import { assertEquals } from "@std/assert";
import { hostAndPort, withoutPassword } from "../../src/release/urls.ts";

Deno.test("withoutPassword() removes only the password of a URL", () => {
  const url = new URL("https://user:secret@mirror.example/v1/jsockd.tar.gz");
  assertEquals(withoutPassword(url), "https://user@mirror.example/v1/jsockd.tar.gz");
  assertEquals(url.password, "secret");
});

Deno.test("hostAndPort() returns a URL's host and port as permissions take them", () => {
  assertEquals(hostAndPort(new URL("https://user:secret@mirror.example/a")), "mirror.example:443");
  assertEquals(hostAndPort(new URL("http://localhost/a")), "localhost:80");
  assertEquals(hostAndPort(new URL("http://[::1]:8080")), "[::1]:8080");
});
