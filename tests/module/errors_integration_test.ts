import { assertEquals, assertRejects } from "@std/assert";
import { JSockDClientError, type JSockDErrorCode } from "../../mod.ts";
import type { BuildModuleOptions } from "../../src/module/mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { servers, type TestServer } from "../conformance/servers.ts";
import { Project } from "./project.ts";

const [embedded] = servers;

async function assertFails(
  project: Project,
  expected: string,
  options: { server?: TestServer; code?: JSockDErrorCode } & Partial<BuildModuleOptions> = {},
): Promise<void> {
  const { server = embedded!, code = "CONFIG", ...rest } = options;
  const error = await assertRejects(() => project.build(server, rest), JSockDClientError);
  assertEquals([error.code, error.message], [code, expected]);
}
