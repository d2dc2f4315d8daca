import type {
  ServerExit,
  ServerMemory,
  ServerReady,
  ServerRestart,
  ServerSuspension,
} from "../server/events.ts";

/** The events of a client, by type. */
export interface JSockDClientEventMap {
  /** Another server is ready, after a restart or a reload. The first server causes no event. */
  ready: CustomEvent<ServerReady>;
  /** A server ended, for any reason. */
  exit: CustomEvent<ServerExit>;
  /** A server that ended, or has to be ended, is about to be replaced. */
  restart: CustomEvent<ServerRestart>;
  /**
   * Restarts are used up. All commands reject until the next one, which is tried after a pause. The
   * pauses grow. If a server comes up, there is a `ready` event.
   */
  suspend: CustomEvent<ServerSuspension>;
  /**
   * A server takes more than three quarters of `maxMemoryBytes`, for the first time. Embedded servers
   * watch their memory themselves, and cause no such event.
   */
  memory: CustomEvent<ServerMemory>;
}

/** A listener for the events of one type. */
export type JSockDClientEventListener<Type extends keyof JSockDClientEventMap> = (
  event: JSockDClientEventMap[Type],
) => void;

/**
 * An `EventTarget` with types for the events of a client.
 *
 * @example Waiting for a server that replaces another
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
  /** Adds a listener for events of a type. */
  override addEventListener<Type extends keyof JSockDClientEventMap>(
    type: Type,
    listener: JSockDClientEventListener<Type>,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Adds a listener for events of another type, which the client does not dispatch itself. */
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

  /** Removes a listener that was added with the same arguments. */
  override removeEventListener<Type extends keyof JSockDClientEventMap>(
    type: Type,
    listener: JSockDClientEventListener<Type>,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Removes a listener for events of another type. */
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
