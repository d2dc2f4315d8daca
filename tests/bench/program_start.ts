import type { TestServer } from "../conformance/servers.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import type { Case } from "./cases.ts";
import { inTurns } from "./measure.ts";

/** Measures how many milliseconds the import of mod.ts takes in a program. */
export const measureImport: Case = {
  name: "program: milliseconds to import mod.ts",
  target: { atMost: 20 },
  async measure(server: TestServer) {
    const { imported } = await inTurns({
      imported: async () => (await timesOf("with_client.ts", server))[0],
    });
    return { ratio: imported, detail: `${imported.toFixed(1)} ms` };
  },
};

/**
 * Measures how long a program waits for its first answer after it has imported the client. Most of it
 * is the time that Deno takes to start the server and to load what it loads late, so it is compared
 * with a program that does the same without the client.
 */
export const measureFirstAnswer: Case = {
  name: "program: init to the first answer, against one without the client",
  target: { atMost: 1.5 },
  async measure(server: TestServer) {
    const { client, bare } = await inTurns({
      client: async () => (await timesOf("with_client.ts", server))[1],
      bare: async () => (await timesOf("without_client.ts", server))[1],
    });
    return { ratio: client / bare, detail: `${client.toFixed(1)} ms, ${bare.toFixed(1)} ms` };
  },
};

async function timesOf(program: string, { command }: TestServer): Promise<[number, number]> {
  const { pathname } = new URL(`programs/${program}`, import.meta.url);
  return JSON.parse(await stdoutOf(runDeno(["run", "-A", pathname, JSON.stringify(command)])));
}
