import { assertEquals } from "@std/assert";
import { loaderOf } from "../../src/release/missing_loader.ts";
import { elfWithLoader } from "./elf.ts";

Deno.test("loaderOf() returns the loader that an executable names", () => {
  assertEquals(
    loaderOf(elfWithLoader("/lib64/ld-linux-x86-64.so.2")),
    "/lib64/ld-linux-x86-64.so.2",
  );
});

Deno.test("loaderOf() returns undefined when the file names no loader", () => {
  assertEquals(loaderOf(elfWithLoader(undefined)), undefined);
  assertEquals(loaderOf(new TextEncoder().encode("#!/bin/sh\n")), undefined);
  assertEquals(loaderOf(new Uint8Array()), undefined);
});
