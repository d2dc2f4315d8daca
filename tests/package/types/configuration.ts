/**
 * Tests the types of a configuration, with and without `exactOptionalPropertyTypes`. This file is
 * type-checked, never run.
 */
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
// @ts-expect-error -- nThreads is a number
initJSockDClient({ nThreads: "2" }, "jsockd");
// @ts-expect-error -- the server command is missing
initJSockDClient({});
// @ts-expect-error -- the server command is empty
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
// @ts-expect-error -- pid is read-only
client.pid = 1;

// Optional fields may be undefined exactly when exactOptionalPropertyTypes is off.
type Takes<T, Whole> = T extends Whole ? true : false;
type UndefinedIsTaken = Takes<{ field: undefined }, { field?: string }>;
expectTypeOf<Takes<{ socketDir: undefined }, Partial<JSockDConfig>>>()
  .toEqualTypeOf<UndefinedIsTaken>();
expectTypeOf<Takes<{ signal: undefined }, RunOptions>>().toEqualTypeOf<UndefinedIsTaken>();

// A conditional spread can leave out an option with either setting.
declare const socketDir: string | undefined;
initJSockDClient({ ...(socketDir === undefined ? {} : { socketDir }) }, "jsockd");
