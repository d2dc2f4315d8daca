import type { Socket } from "node:net";
import { NatsConnectionImpl, setTransportFactory } from "@nats-io/transport-node";
import { nodeResolveHost, NodeTransport } from "@nats-io/transport-node/lib/node_transport.js";
import type { NatsConnection, NatsConnectOptions } from "./library.ts";

/**
 * Does what `connect()` of the library does. But a late error of a socket does not end the program:
 * NATS closes the connection when it refuses credentials, and by the time that Deno tells of the
 * socket's error, the library has removed all of its listeners. That takes a file of the package that
 * may change with any version, so deno.json names the exact one.
 */
export async function connect(options: NatsConnectOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new Transport(), dnsResolveFn: nodeResolveHost });
  return await NatsConnectionImpl.connect(options);
}

/** The library's transport, with sockets that always have a listener for errors. */
class Transport extends NodeTransport {
  override async dial(server: Parameters<NodeTransport["dial"]>[0]) {
    return withErrorListener(await super.dial(server));
  }

  override async tlsFirst(server: Parameters<NodeTransport["tlsFirst"]>[0]) {
    return withErrorListener(await super.tlsFirst(server));
  }

  override async startTLS() {
    return withErrorListener(await super.startTLS());
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
