import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { defaultConfig, type JSockDConfig, resolveConfig } from "../../src/config/config.ts";
import { splitServerCommand } from "../../src/config/server_command.ts";
import { JSockDClientError } from "../../src/common/errors.ts";

function assertConfigError(config: Record<string, unknown>, ...messageParts: string[]): void {
  for (const part of messageParts) {
    const error = assertThrows(
      () => resolveConfig(config as Partial<JSockDConfig>),
      JSockDClientError,
      part,
    );
    assertEquals(error.code, "CONFIG");
  }
}

Deno.test("defaultConfig() returns the documented defaults", () => {
  assertEquals(defaultConfig(), {
    nThreads: Math.min(navigator.hardwareConcurrency, 256),
    maxIdleTimeUs: 0,
    maxCommandRuntimeUs: 0,
    timeoutUs: 15_000_000,
    skipJSockDVersionCheck: false,
    jsockdVersion: "0.0.139",
    maxRestartsPerMinute: 1,
    logPrefix: "",
    maxPipelineDepth: 64,
    maxParamBytes: 67_108_864,
    maxMemoryBytes: 0,
    isolated: false,
  });
});

Deno.test("defaultConfig() returns a fresh object every time", () => {
  defaultConfig().nThreads = 99;
  assertNotEquals(defaultConfig().nThreads, 99);
});

Deno.test("resolveConfig() returns the default when a field is missing or undefined", () => {
  const given: Record<string, unknown> = { nThreads: 3, timeoutUs: undefined };
  assertEquals(resolveConfig(given), { ...defaultConfig(), nThreads: 3 });
});

Deno.test("resolveConfig() throws and suggests the nearest field when one is unknown", () => {
  assertConfigError({ nThread: 1 }, "no field 'nThread'", "did you mean 'nThreads'");
  assertConfigError({ maxIdleTime: 1 }, "did you mean 'maxIdleTimeUs'");
  assertConfigError({ constructor: 1 }, "no field 'constructor'");
});

for (
  const [field, value, expected] of [
    ["nThreads", 0, "a whole number from 1 to 256"],
    ["nThreads", 257, "a whole number from 1 to 256"],
    ["nThreads", 1.5, "a whole number from 1 to 256"],
    ["nThreads", "2", "a whole number from 1 to 256"],
    ["nThreads", null, "a whole number from 1 to 256"],
    ["bytecodeModuleFile", "", "a path"],
    ["bytecodeModulePublicKey", "abc", "64 hexadecimal digits"],
    ["sourceMap", 1, "a path"],
    ["maxIdleTimeUs", -1, "a whole number from 0"],
    ["maxCommandRuntimeUs", Infinity, "a whole number from 0"],
    ["timeoutUs", 0, "a whole number from 1"],
    ["timeoutUs", NaN, "a whole number from 1"],
    ["timeoutUs", 2 ** 53 - 1, "a whole number from 1"],
    ["skipJSockDVersionCheck", 1, "true or false"],
    ["jsockdVersion", "1 2", "a version"],
    ["logger", "stderr", "a function"],
    ["maxRestartsPerMinute", -1, "a whole number from 0"],
    ["logPrefix", "a\nb", "one line of text"],
    ["maxPipelineDepth", 0, "a whole number from 1"],
    ["maxParamBytes", -1, "a whole number from 0"],
    ["socketDir", "", "a path"],
    ["env", null, "an object of environment variables"],
  ] as const
) {
  Deno.test(`resolveConfig() throws when ${field} is ${Deno.inspect(value)}`, () => {
    assertConfigError({ [field]: value }, `as ${field}: expected ${expected}`, Deno.inspect(value));
  });
}

Deno.test("resolveConfig() throws and shows no other variable when one of env is not valid", () => {
  for (
    const [name, value] of [["PORT", 8080], ["A=B", "1"], ["", "1"], ["TEXT", "a\0b"]] as const
  ) {
    const error = assertThrows(
      () => resolveConfig({ env: { TOKEN: "secret", [name]: value as string } }),
      JSockDClientError,
      `environment variable ${Deno.inspect(name)}`,
    );
    assertEquals(error.code, "CONFIG");
    assertEquals(error.message.includes("secret"), false);
  }
});

Deno.test("resolveConfig() throws when the configuration is not an object", () => {
  for (const config of ["jsockd", ["deno", "run"], null, () => {}]) {
    const error = assertThrows(
      () => resolveConfig(config as object),
      JSockDClientError,
      `Cannot use ${Deno.inspect(config)} as the configuration: expected an object`,
    );
    assertEquals(error.code, "CONFIG");
  }
});

Deno.test("splitServerCommand() returns an executable with its arguments, if there are any", () => {
  assertEquals(splitServerCommand("jsockd"), ["jsockd"]);
  assertEquals(splitServerCommand(["deno", "run"]), ["deno", "run"]);
});

Deno.test("splitServerCommand() throws when the command has no executable or is not text", () => {
  for (const command of ["", [], ["", "run"], ["deno", 1], "a\0b", undefined, {}]) {
    const error = assertThrows(() => splitServerCommand(command as string), JSockDClientError);
    assertEquals(error.code, "CONFIG");
  }
});

Deno.test("resolveConfig() throws when a module has no key, or a source map no module", () => {
  assertConfigError({ bytecodeModuleFile: "m.bin" }, "'m.bin'", "set bytecodeModulePublicKey");
  assertConfigError({ sourceMap: "m.map" }, "'m.map'", "set bytecodeModuleFile");
  const env = { JSOCKD_BYTECODE_MODULE_PUBLIC_KEY: "0".repeat(64) };
  assertEquals(resolveConfig({ bytecodeModuleFile: "m.bin", env }).env, env);
});

Deno.test("resolveConfig() throws when a time is longer than a timer can wait", () => {
  assertConfigError({ maxCommandRuntimeUs: 2_147_483_647_001 }, "maxCommandRuntimeUs");
  assertConfigError({ maxIdleTimeUs: 2_147_483_647_001 }, "maxIdleTimeUs");
});

Deno.test("resolveConfig() does not depend on the working folder or the caller's objects later", () => {
  const env = { A: "1" };
  const config = resolveConfig({ env, socketDir: "/run/app" });
  env.A = "2";
  assertEquals(config.env, { A: "1" });
  assertEquals(config.socketDir, "/run/app");
});
