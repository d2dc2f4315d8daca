import { encodeCommand } from "../../src/protocol/mod.ts";
import type { TestServer } from "../conformance/servers.ts";
import { ServerProcess } from "../support/server_process.ts";
import { startClient } from "../support/start_client.ts";
import type { Case } from "./cases.ts";
import { inTurns } from "./measure.ts";

const INCREMENT = "(_, n) => n + 1";

/** Measures how many milliseconds the client adds to a server's start and first answer. */
export const measureStart: Case = {
  name: "start: milliseconds from init to the first answer, less the server's",
  target: { atMost: 20 },
  async measure(server: TestServer) {
    const { client, bare } = await inTurns({
      client: async () => {
        const start = performance.now();
        await using client = await startClient(server, { nThreads: 2 });
        await client.run(INCREMENT, 41);
        return performance.now() - start;
      },
      bare: async () => {
        const start = performance.now();
        await using process = await ServerProcess.start(server.command, { sockets: 2 });
        const sockets = await Promise.all(
          process.sockets.map((path) => Deno.connect({ transport: "unix", path })),
        );
        await sockets[0]!.write(encodeCommand("x", INCREMENT, "41"));
        await sockets[0]!.read(new Uint8Array(100));
        const milliseconds = performance.now() - start;
        for (const socket of sockets) socket.close();
        return milliseconds;
      },
    });
    return { ratio: client - bare, detail: `${client.toFixed(1)} ms, ${bare.toFixed(1)} ms` };
  },
};
