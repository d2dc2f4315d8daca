// Starts a worker as a server does, and prints the message of its failure.
import { EngineWorker } from "../../../src/embedded/serve/engine_worker.ts";
import type { WorkerSetup } from "../../../src/embedded/serve/worker_messages.ts";

const probe = new URL("permission_probe.ts", import.meta.url);
const worker = new EngineWorker(probe);
worker.setUp({} as WorkerSetup);
await worker.ready.catch((error) => console.log(error.message));
Deno.exit();
