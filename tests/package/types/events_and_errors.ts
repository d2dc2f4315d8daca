/** Tests the types of a client's events and errors. This file is type-checked, never run. */
import {
  type JSockDClient,
  JSockDClientError,
  type JSockDErrorCode,
  JSockDJSException,
  type ServerExit,
  type ServerReady,
  type ServerRestart,
  type TraceFrame,
} from "@x/jsockd";
import { expectTypeOf } from "expect-type";

declare const client: JSockDClient;
declare const error: unknown;

client.addEventListener("ready", (event) => {
  expectTypeOf(event).toEqualTypeOf<CustomEvent<ServerReady>>();
});
client.addEventListener("exit", ({ detail }) => {
  expectTypeOf(detail).toEqualTypeOf<ServerExit>();
}, { once: true });
client.addEventListener("restart", ({ detail }) => {
  expectTypeOf(detail).toEqualTypeOf<ServerRestart>();
});
client.addEventListener("mine", (event) => {
  expectTypeOf(event).toEqualTypeOf<Event>();
});

const onExit = (event: CustomEvent<ServerExit>) => event.detail.code;
client.addEventListener("exit", onExit);
client.removeEventListener("exit", onExit);
// @ts-expect-error -- 'ready' has no exit code
client.addEventListener("ready", onExit);
// @ts-expect-error -- the details of an event are read-only
client.addEventListener("exit", ({ detail }) => detail.code = 0);

if (error instanceof JSockDClientError) {
  expectTypeOf(error.code).toEqualTypeOf<JSockDErrorCode>();
  // @ts-expect-error -- there is no such code
  error.code === "TIMED_OUT";
}
if (error instanceof JSockDJSException) {
  expectTypeOf(error.trace).toEqualTypeOf<readonly TraceFrame[]>();
  expectTypeOf(error.errorMessage).toEqualTypeOf<string>();
}
