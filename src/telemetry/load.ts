import type { Telemetry } from "./telemetry.ts";

/** Where the OpenTelemetry API keeps the providers that were registered, Deno's own among them. */
const PROVIDERS = Symbol.for("opentelemetry.js.api.1");

/** Gives what reports to OpenTelemetry, if anybody has it listen; nothing of it is loaded otherwise. */
export async function loadTelemetry(): Promise<Telemetry | undefined> {
  if (!(PROVIDERS in globalThis)) return undefined;
  const { Telemetry } = await import("./telemetry.ts");
  return new Telemetry();
}
