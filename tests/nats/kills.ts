import { delay } from "@std/async/delay";
import { connectNatsJSockD } from "../../src/nats/mod.ts";
import { Callers, type Tally } from "../faults/callers.ts";
import { NatsServer } from "../support/nats_server.ts";
import { within } from "../support/within.ts";
import type * as Module from "./module.ts";
import { BuiltFolder, Farm } from "./worker_process.ts";

const WORKERS = 3;
const CALLERS = 32;
const SUBJECT = "killed";

/** How the commands of callers settled while workers were killed. */
export interface Kills {
  /** The commands that may run twice. */
  readonly idempotent: Tally;
  /** The others. */
  readonly atMostOnce: Tally;
  /** The workers killed. */
  readonly killed: number;
}

/**
 * Has 64 callers use three workers. Each second, one of these is killed with SIGKILL, and another
 * is started.
 */
export async function killWorkers(seconds: number): Promise<Kills> {
  await using nats = await NatsServer.start();
  await using module = await BuiltFolder.build();
  await using farm = await Farm.start(WORKERS, {
    nats: nats.url,
    subject: SUBJECT,
    module: module.path,
  });
  await using client = await connectNatsJSockD({ servers: nats.url, subject: SUBJECT });
  const workers = client.withModule<typeof Module>();
  const callers = [true, false].map((idempotent) =>
    new Callers((n) => workers.run((m, p) => m.echo(p), n, { idempotent }), CALLERS)
  );
  const starts: Promise<void>[] = [];
  let killed = 0;
  for (let second = 0; second < seconds; second++) {
    await delay(1000);
    starts.push(farm.add());
    // A start may take longer than a second, and one worker must be left.
    if (farm.workers.length < 2) continue;
    await farm.take()[Symbol.asyncDispose]();
    killed++;
  }
  await Promise.all(starts);
  const [idempotent, atMostOnce] = await Promise.all(callers.map((each) =>
    // If commands have not settled by then, the tally shows it.
    within(each.stop(), "the last commands").catch(() => each.tally)
  ));
  return { idempotent: idempotent!, atMostOnce: atMostOnce!, killed };
}

/** Returns the number of commands that have not settled. */
export function unsettled({ sent, answered, wrong, rejected }: Tally): number {
  return sent - answered - wrong - rejections(rejected);
}

/** Returns the number of commands that rejected. */
export function rejections(rejected: Tally["rejected"]): number {
  return Object.values(rejected).reduce((sum, count) => sum + count, 0);
}
