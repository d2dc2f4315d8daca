/// <reference lib="dom" />
import type { Outcome, PageEvents, RunRequest } from "../wire.ts";

/** Runs a program. Whatever goes wrong becomes an outcome, too. */
export async function run(request: RunRequest): Promise<Outcome> {
  try {
    return await (await post("run", request)).json();
  } catch (error) {
    return { status: "error", text: error instanceof Error ? error.message : String(error) };
  }
}

/** Changes the number of callers on each server. */
export async function setLoad(callers: number): Promise<void> {
  await post("load", { callers });
}

/** Kills the process of a server. */
export async function kill(server: string): Promise<void> {
  await post("kill", { server });
}

/** Receives events. */
export type Listeners = { [Name in keyof PageEvents]: (data: PageEvents[Name]) => void };

/** Listens for events, and connects again when the connection is lost. */
export function listen(listeners: Listeners, onConnection: (isOpen: boolean) => void): void {
  const events = new EventSource("events");
  events.onopen = () => onConnection(true);
  events.onerror = () => onConnection(false);
  for (const [name, listener] of Object.entries(listeners) as [string, (data: never) => void][]) {
    events.addEventListener(name, ({ data }) => listener(JSON.parse(data) as never));
  }
}

async function post(path: string, body: unknown): Promise<Response> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return response;
  throw new Error(`The playground refused the request: ${await response.text()}`);
}
