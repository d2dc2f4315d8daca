import { encodeRecord } from "../../protocol/records.ts";
import { CommandRunner } from "../engines/quickjs/commands.ts";
import { FieldReader } from "../session/fields.ts";
import { Mailbox } from "./mailbox.ts";
import { loadModule } from "../engines/quickjs/modules.ts";
import { Runtime } from "../engines/quickjs/runtime.ts";
import { type Pause, Session, type Workplace } from "../session/session.ts";
import { frameMapper } from "../engines/source_map.ts";
import type { WorkerReport, WorkerSetup } from "./worker_messages.ts";
import { LoadError, type Log } from "../engines/engine.ts";

/** What is used of a worker's global scope; `self` has the types of the main thread's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerSetup>) => void) | null;
  postMessage(message: WorkerReport): void;
  /** Collects garbage; there if the server was started with `--expose-gc`. */
  gc?(): void;
}

const scope = self as unknown as WorkerScope;

// Blocks for ever once it has begun: commands come through shared memory, not as events.
scope.onmessage = ({ data }) => run(data);

async function run(setup: WorkerSetup): Promise<void> {
  const fields = new FieldReader(new Mailbox(setup.mailbox), setup.separator);
  const session = new Session(fields, (record) => {
    report({ type: "record", bytes: encodeRecord(record) });
  }, log);
  try {
    let pause = await serve(setup, session, () => report({ type: "ready" }));
    while (pause !== "quit") {
      if (pause === "idle") idle(fields);
      pause = await serve(setup, session);
    }
    report({ type: "quit" });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    report({ type: "failed", message: error.message });
  }
}

async function serve(setup: WorkerSetup, session: Session, onReady?: () => void): Promise<Pause> {
  const workplace = await newWorkplace(setup, session);
  onReady?.();
  return session.serve(workplace, setup.idleTimeout);
}

/** Blocks until there is something to do; the last runtime's memory is free meanwhile. */
function idle(fields: FieldReader): void {
  scope.gc?.();
  fields.wait();
}

const log: Log = (level, message, origin = "server") =>
  report({ type: "log", level, message, origin });

function report(message: WorkerReport): void {
  scope.postMessage(message);
}

async function newWorkplace(setup: WorkerSetup, session: Session): Promise<Workplace> {
  const { engine, webStreams, maxCommandRuntimeUs, module, sourceMap } = setup;
  const runtime = await Runtime.create({
    engine,
    webStreams,
    maxRuntimeUs: maxCommandRuntimeUs,
    log,
    sendMessage: (json) => session.sendMessage(json),
  });
  const namespace = module === undefined ? runtime.context.undefined : loadModule(runtime, module);
  const mapFrame = sourceMap === undefined || module === undefined
    ? undefined
    : frameMapper(sourceMap, module.name);
  return { runtime, runner: new CommandRunner(runtime, namespace, log, mapFrame) };
}
