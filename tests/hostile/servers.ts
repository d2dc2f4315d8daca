import { sandboxedServer } from "../../mod.ts";
import { splitServerCommand } from "../../src/config/server_command.ts";
import { servers, type TestServer } from "../conformance/servers.ts";
import { type HostileProgram, PROGRAMS } from "./programs.ts";

/** A server to run hostile programs on. */
export interface HostileServer extends TestServer {
  /** Whether it is in a sandbox. */
  readonly sandboxed: boolean;
}

/** All servers, and jsockd in a sandbox, too. */
export const hostileServers: readonly HostileServer[] = servers.flatMap((server) => {
  const plain = { ...server, sandboxed: false };
  if (!server.differences.hostModules || Deno.build.os !== "linux") return [plain];
  const command = splitServerCommand(sandboxedServer(server.command));
  return [plain, { ...server, name: `${server.name} in a sandbox`, command, sandboxed: true }];
});

/** Returns the programs that make sense on a server. */
export function programsFor({ differences, sandboxed }: HostileServer): HostileProgram[] {
  return PROGRAMS.filter(({ changesGlobals, needsHost, needsSandbox }) =>
    (differences.isolates || !changesGlobals) &&
    (differences.hostModules || !needsHost) &&
    (sandboxed || !needsSandbox)
  );
}
