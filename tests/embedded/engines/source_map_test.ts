import { assertEquals } from "@std/assert";
import { frameMapper } from "../../../src/embedded/engines/source_map.ts";

// Line 1 from column 4 of the module is line 2 from column 2 of a.ts, in `original`.
const map = JSON.stringify({
  version: 3,
  sources: ["a.ts"],
  names: ["original"],
  mappings: "IACEA",
});
const frame = { functionName: "f", source: "m.mjs", line: "1", column: "5" };

Deno.test("frameMapper() returns original places", () => {
  const expected = { source: "a.ts", line: 2, column: 3, functionName: "original" };
  assertEquals(frameMapper(map, "m.mjs")(frame), expected);
});

Deno.test("frameMapper() returns null when the map has no such place", () => {
  const mapFrame = frameMapper(map, "m.mjs");
  assertEquals(mapFrame({ ...frame, column: "4" }), null);
  assertEquals(mapFrame({ ...frame, line: "2" }), null);
  assertEquals(mapFrame({ ...frame, line: null, column: null }), null);
});

Deno.test("frameMapper() returns null when the frame is of a command", () => {
  assertEquals(frameMapper(map, "m.mjs")({ ...frame, source: "<buffer>" }), null);
});
