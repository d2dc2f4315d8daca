// The types of NATS's library, as far as they are used here. They have the shape of all its packages
// and versions, so a connection of any of them will do.

/** Headers of a message. */
export interface NatsHeaders {
  /** The status, if NATS itself sent the message; otherwise 0. */
  code: number;
  /** Returns a value, or an empty text. */
  get(name: string): string;
  /** Sets a value. */
  set(name: string, value: string): void;
}

/** A message. */
export interface NatsMessage {
  /** Where it was published. */
  subject: string;
  /** The content. */
  data: Uint8Array;
  /** Where a reply goes; none is expected without it. */
  reply?: string;
  /** The headers, if there are any. */
  headers?: NatsHeaders;
}

/** A subscription. */
export interface NatsSubscription {
  /** Ends it. */
  unsubscribe(): void;
  /** Ends it when what has come is handled. */
  drain(): Promise<void>;
}

/** What happens to a connection. */
export interface NatsStatus {
  /** Such as `disconnect`, `reconnect` and `error`. */
  type: string;
  /** The error, if it is one. That of a missing permission says what for. */
  error?: Error & { operation?: string; subject?: string };
}

/**
 * A connection to NATS: what `connect()` of `npm:@nats-io/transport-node`, or of another package of its
 * family, returns. {@linkcode connectToNats} makes one.
 *
 * @example A connection that one made oneself
 * ```ts
 * import { connectNatsJSockD, type NatsConnection, type NatsJSockDClient } from "@x/jsockd/nats";
 *
 * async function share(connection: NatsConnection): Promise<NatsJSockDClient> {
 *   return await connectNatsJSockD({ connection, subject: "pages.v1" });
 * }
 * ```
 */
export interface NatsConnection extends AsyncDisposable {
  /** What the server says about itself. */
  // deno-lint-ignore camelcase -- the name of NATS's protocol
  info?: { max_payload: number };
  /** The options that it was made with. */
  options?: { inboxPrefix?: string };
  /** Publishes a message. */
  publish(
    subject: string,
    payload?: Uint8Array | string,
    options?: { reply?: string; headers?: NatsHeaders },
  ): void;
  /** Subscribes to a subject. */
  subscribe(
    subject: string,
    options: { queue?: string; callback: (error: Error | null, message: NatsMessage) => void },
  ): NatsSubscription;
  /** Resolves when the server has got all that was published. */
  flush(): Promise<void>;
  /** Closes the connection. */
  close(): Promise<void>;
  /** Resolves when it is closed, to the error if there was one. */
  closed(): Promise<void | Error>;
  /** Whether it is closed. */
  isClosed(): boolean;
  /** Tells what happens to it. */
  status(): AsyncIterable<NatsStatus>;
}

/**
 * Options of `connect()` of `npm:@nats-io/transport-node`. Those that programs need most have types here.
 *
 * @example A token, and an authority of one's own
 * ```ts
 * import type { NatsConnectOptions } from "@x/jsockd/nats";
 *
 * const options = (token: string, ca: string): NatsConnectOptions => ({
 *   servers: "tls://nats.internal:4222",
 *   token,
 *   tls: { ca },
 * });
 * ```
 */
export interface NatsConnectOptions {
  /** The servers. Default: this machine. */
  servers?: string | string[];
  /** A name for this connection in the server's log. */
  name?: string;
  /** The user, if there is one. */
  user?: string;
  /** The password of the user. */
  pass?: string;
  /** The token, if the server wants one. */
  token?: string;
  /** Begins the subjects of replies, if this user may not subscribe to `_INBOX.>`. */
  inboxPrefix?: string;
  /** What proves who this is, such as what `credsAuthenticator()` of the library returns. */
  // deno-lint-ignore no-explicit-any -- a type of the library
  authenticator?: any;
  /** The certificates of TLS as PEM: whom to trust, and one's own. */
  tls?: { ca?: string; cert?: string; key?: string; [option: string]: unknown } | null;
  /** Any other option. */
  [option: string]: unknown;
}
