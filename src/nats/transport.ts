import type { Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { NatsConnectionImpl, setTransportFactory } from "@nats-io/transport-node";
import { nodeResolveHost, NodeTransport } from "@nats-io/transport-node/lib/node_transport.js";
import type { NatsConnection, NatsConnectOptions } from "./library.ts";

/**
 * Does what `connect()` of the library does. But a late error of a socket does not end the program:
 * NATS closes the connection when it refuses credentials or a certificate, and by the time that Deno
 * tells of the socket's error, the library has removed all of its listeners. That takes a file of the
 * package that may change with any version, so deno.json names the exact one.
 */
export async function connect(options: NatsConnectOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new Transport(), dnsResolveFn: nodeResolveHost });
  return await NatsConnectionImpl.connect(options);
}

type Certificates = Pick<ConnectionOptions, "ca" | "cert" | "key">;

/** The library's transport, with sockets that always have a listener for errors. */
class Transport extends NodeTransport {
  override async dial(server: Parameters<NodeTransport["dial"]>[0]) {
    return withErrorListener(await super.dial(server));
  }

  override async tlsFirst({ hostname, port }: Parameters<NodeTransport["tlsFirst"]>[0]) {
    return await this.#connectTls({ host: hostname, port });
  }

  override async startTLS() {
    return await this.#connectTls({ socket: this.socket });
  }

  /** What the library does takes the listener away in the moment in which a refusal arrives. */
  async #connectTls(server: ConnectionOptions): Promise<TLSSocket> {
    const { tls } = this.options;
    const options: ConnectionOptions = {
      ...{ ...server, servername: this.tlsName, rejectUnauthorized: true },
      ...tls && { ...tls, ...await this.loadClientCerts() as Certificates },
    };
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    const socket = withErrorListener(connectTls(options, () => {
      if (options.rejectUnauthorized && !socket.authorized) reject(socket.authorizationError);
      else resolve(socket);
    }));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server has closed the connection")));
    socket.setNoDelay(true);
    return await promise;
  }
}

function withErrorListener<Kind extends Socket>(socket: Kind): Kind {
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (...events) => {
    removeAll(...events);
    return socket.on("error", () => {});
  };
  return socket;
}
