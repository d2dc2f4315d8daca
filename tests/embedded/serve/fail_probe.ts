// Starts workers as a server does, and prints how those fail whose engine does.
import { EngineWorker } from "../../../src/embedded/serve/engine_worker.ts";
import { ThreadChannel } from "../../../src/embedded/serve/thread_memory.ts";

const program = new URL("failing_workers.ts", import.meta.url);
const setup = {
  type: "setup",
  options: {
    module: undefined,
    sourceMap: undefined,
    maxRuntimeUs: Infinity,
    maxMemoryBytes: 1 << 28,
  },
  logPrefix: "",
  separator: 0,
} as const;

const first = new EngineWorker(program);
first.setUp({ ...setup, parts: "create" });
await first.ready.catch(print);

const worker = new EngineWorker(program);
worker.setUp({ ...setup, parts: "guard" });
await worker.ready;
const { memory, input } = new ThreadChannel();
worker.assign({ type: "assignment", memory, idleTimeout: Infinity, interrupted: undefined });
input.write(new TextEncoder().encode("a\0() => 1\0null\0"));
input.notifyReader();
await worker.ended.catch(print);
Deno.exit();

function print(error: Error): void {
  console.log(error.message);
}
