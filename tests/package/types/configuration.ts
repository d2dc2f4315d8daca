/** What a configuration may hold, with and without `exactOptionalPropertyTypes`. Only its types are checked. */
import {
  type ClientStats,
  defaultConfig,
  initJSockDClient,
  type JSockDClient,
  type JSockDConfig,
  permissionFlags,
  type RunOptions,
} from "@x/jsockd";
import { embeddedServer, initEmbeddedJSockDClient } from "@x/jsockd/embedded";
import { expectTypeOf } from "expect-type";

expectTypeOf(defaultConfig()).toEqualTypeOf<JSockDConfig>();
defaultConfig().nThreads = 2;
expectTypeOf(initJSockDClient({}, "jsockd")).toEqualTypeOf<Promise<JSockDClient>>();
expectTypeOf(initJSockDClient(defaultConfig(), embeddedServer()))
  .toEqualTypeOf<Promise<JSockDClient>>();
expectTypeOf(initEmbeddedJSockDClient()).toEqualTypeOf<Promise<JSockDClient>>();
expectTypeOf(permissionFlags({ nThreads: 1 }, ["jsockd", "--verbose"])).toEqualTypeOf<string[]>();
expectTypeOf(permissionFlags({}, { flavor: "filc" })).toEqualTypeOf<string[]>();

// @ts-expect-error -- there is no such field
initJSockDClient({ threads: 1 }, "jsockd");
// @ts-expect-error -- a number of threads
initJSockDClient({ nThreads: "2" }, "jsockd");
// @ts-expect-error -- a server must be named
initJSockDClient({});
// @ts-expect-error -- a server has a name
initJSockDClient({}, []);
// @ts-expect-error -- there is no such build
permissionFlags({}, { flavor: "debug" });

initJSockDClient({
  logger(timestamp, level, message) {
    expectTypeOf(timestamp).toEqualTypeOf<Temporal.Instant | undefined>();
    expectTypeOf(level).toEqualTypeOf<string>();
    expectTypeOf(message).toEqualTypeOf<string>();
  },
}, "jsockd");

declare const client: JSockDClient;
expectTypeOf(client).toExtend<AsyncDisposable>();
expectTypeOf(client.stats()).toEqualTypeOf<ClientStats>();
expectTypeOf(client.reload({ nThreads: 2 })).toEqualTypeOf<Promise<void>>();
// @ts-expect-error -- a number that is only read
client.pid = 1;

// An optional field may be undefined where the compiler's setting lets every optional field be.
type Takes<T, Whole> = T extends Whole ? true : false;
type UndefinedIsTaken = Takes<{ field: undefined }, { field?: string }>;
expectTypeOf<Takes<{ socketDir: undefined }, Partial<JSockDConfig>>>()
  .toEqualTypeOf<UndefinedIsTaken>();
expectTypeOf<Takes<{ signal: undefined }, RunOptions>>().toEqualTypeOf<UndefinedIsTaken>();

// Either way an option may be left out, by a field that is there only sometimes.
declare const socketDir: string | undefined;
initJSockDClient({ ...(socketDir === undefined ? {} : { socketDir }) }, "jsockd");
