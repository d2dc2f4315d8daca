import { assertEquals } from "@std/assert";
import { splitSpecifier } from "../../../src/module/bundler/npm_packages.ts";

for (
  const [specifier, name, subpath] of [
    ["react", "react", ""],
    ["react-dom/server.edge", "react-dom", "server.edge"],
    ["@scope/name", "@scope/name", ""],
    ["@scope/name/sub/path.js", "@scope/name", "sub/path.js"],
    ["npm:react@^19.3.1", "react", ""],
    ["npm:/react@19.3.1/jsx-runtime", "react", "jsx-runtime"],
    ["npm:@scope/name@1.0.0-rc.1/sub", "@scope/name", "sub"],
  ] as const
) {
  Deno.test(`splitSpecifier() returns name and subpath of ${specifier}`, () => {
    assertEquals(splitSpecifier(specifier), { name, subpath });
  });
}
