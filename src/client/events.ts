import type { ServerExit, ServerReady, ServerRestart } from "../server/events.ts";

/** The events of a client, by their types. */
export interface JSockDClientEventMap {
  /** Another server is ready, after a restart or a reload. The first is when the client is had. */
  ready: CustomEvent<ServerReady>;
  /** A server ended, for whatever reason. */
  exit: CustomEvent<ServerExit>;
  /** A server that ended is about to be replaced. */
  restart: CustomEvent<ServerRestart>;
}

/** A listener for the events of one type. */
export type JSockDClientEventListener<Type extends keyof JSockDClientEventMap> = (
  event: JSockDClientEventMap[Type],
) => void;

/**
 * An `EventTarget` that knows the types of a client's events.
 *
 * @example Telling of a server that was replaced
 * ```ts
 * import { assertNotEquals } from "@std/assert";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
 * const { pid } = client;
 * const ready = new Promise<number>((resolve) =>
 *   client.addEventListener("ready", ({ detail }) => resolve(detail.pid), { once: true })
 * );
 * await client.reload({});
 * assertNotEquals(await ready, pid);
 * ```
 */
export class ClientEventTarget extends EventTarget {
  /** Calls a listener with each event of a type. */
  override addEventListener<Type extends keyof JSockDClientEventMap>(
    type: Type,
    listener: JSockDClientEventListener<Type>,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Calls a listener with each event of a type that is not the client's own. */
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: unknown,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  /** Takes back what {@linkcode ClientEventTarget.addEventListener} did with the same arguments. */
  override removeEventListener<Type extends keyof JSockDClientEventMap>(
    type: Type,
    listener: JSockDClientEventListener<Type>,
    options?: boolean | EventListenerOptions,
  ): void;
  /** The same, for types that are not the client's own. */
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    type: string,
    listener: unknown,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener as EventListener, options);
  }
}
