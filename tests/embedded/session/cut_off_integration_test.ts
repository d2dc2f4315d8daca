import { assert, assertEquals } from "@std/assert";
import vm from "node:vm";
import { type Engine, exception, type Outcome } from "../../../src/embedded/engines/engine.ts";
import { ByteRing } from "../../../src/embedded/session/byte_ring.ts";
import { RingWriter } from "../../../src/embedded/session/ring_writer.ts";
import { Requests } from "../../../src/embedded/session/requests.ts";
import { RunStatus } from "../../../src/embedded/session/run_status.ts";
import { Session } from "../../../src/embedded/session/session.ts";
import { RecordDecoder } from "../../../src/protocol/records.ts";

const COMMANDS = 20_000;

/** Few of the commands are isolated, because each of those waits for an interruption. */
function idOf(i: number): string {
  return i % 200 === 0 ? `isolated:${i}` : `${i}`;
}

/**
 * An engine that V8 always interrupts. Its commands take no time, so the session is interrupted.
 */
class InterruptedEngine implements Engine {
  readonly worn = false;
  readonly isLarge = false;
  guards = 0;
  readonly #context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  readonly #script = new vm.Script("work()");

  guard(work: () => void): boolean {
    this.guards++;
    this.#context["work"] = () => {
      work();
      // All commands are done. Wait for the interruption, which would hit the test otherwise.
      for (;;);
    };
    try {
      this.#script.runInContext(this.#context, { timeout: 1, displayErrors: false });
      return true;
    } catch {
      return false;
    }
  }

  call(_query: string, param: string): Outcome {
    return { type: "ok", data: param };
  }

  settled(): Outcome {
    throw new Error("No command waits for a promise");
  }

  interrupted(): Outcome {
    return exception("interrupted");
  }

  memoryUsage() {
    return { size: 0, count: 0 };
  }

  renew() {
    return true;
  }
}

Deno.test("Session answers each command once when V8 interrupts it anywhere", () => {
  const input = new ByteRing(new SharedArrayBuffer(8 + (1 << 20)));
  const output = new ByteRing(new SharedArrayBuffer(8 + (1 << 21)));
  const text = Array.from({ length: COMMANDS }, (_, i) => `${idOf(i)}\0q\0"é${i}"\0`).join("");
  const bytes = new TextEncoder().encode(`${text}?quit\0`);
  assertEquals(input.write(bytes), bytes.length);
  const engine = new InterruptedEngine();
  const session = new Session({
    requests: new Requests(input, 0),
    output: new RingWriter(output),
    status: new RunStatus(),
    log: () => {},
  });

  assertEquals(session.serve({ shared: engine, isolated: engine }, Infinity), "quit");

  const records: unknown[] = [];
  new RecordDecoder().transform(output.copy(output.releasePosition, output.writePosition), {
    enqueue: (record) => records.push(record),
  });
  let interrupted = 0;
  records.forEach((record, i) => {
    const id = idOf(i);
    if (i === COMMANDS) return assertEquals(record, { type: "control", text: "quit" });
    const { type } = record as { type: string };
    if (type === "exception") interrupted++;
    const data = type === "ok" ? `"é${i}"` : `"interrupted"`;
    assertEquals(record, { type, id, data } as unknown);
  });
  assertEquals(records.length, COMMANDS + 1);
  assert(engine.guards > 10, `Expected more than 10 interruptions, got ${engine.guards}`);
  assert(interrupted < engine.guards, `${interrupted} of ${engine.guards}`);
});
