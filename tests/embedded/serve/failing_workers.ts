// A worker's program whose engine cannot be created, or fails at its first command, as the setup says.
import type { Engine } from "../../../src/embedded/engines/engine.ts";
import { runWorker } from "../../../src/embedded/serve/worker.ts";

runWorker(({ parts }) => {
  if (parts === "create") throw new Error("no engine");
  const engine: Pick<Engine, "guard"> = {
    guard() {
      throw new Error("no guard");
    },
  };
  return Promise.resolve(engine as Engine);
});
