import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { Http1Connections } from "../http/http1-connections.ts";
import { NodeClient, rawHeadOf } from "../http/node-client.ts";
import type { TrafficListener, TrafficListenerOptions } from "../http/traffic-listener.ts";
import { bind, portOf } from "../http-listener.ts";
import { TLS_FLOOR } from "./certificate.ts";
import type { CertificateStore } from "./certificate-store.ts";
import { Http2Sessions } from "./http2-sessions.ts";

export interface TlsListenerOptions extends TrafficListenerOptions {
  readonly certificates: CertificateStore;
}

/** A client that does not come to the point is not waited for longer than this, ms. */
const HANDSHAKE_MS = 10_000;

/**
 * Listens for HTTP over TLS: HTTP/2 where the client chooses it (ALPN), else HTTP/1.1. Certificates are chosen by the
 * name that the client asks for, among those in force at that moment.
 * @throws ListenFailure when the port cannot be bound.
 */
export async function listenTls(options: TlsListenerOptions): Promise<TrafficListener> {
  const { certificates, guard, serve, wheel, timeouts, clock } = options;
  const clientOptions = { wheel, writeStallMs: timeouts.writeStallMs };
  const http1 = new Http1Connections(options);
  const http2 = new Http2Sessions({
    onRequest: (request, response) => serve(rawHeadOf(request), new NodeClient(request, response, clientOptions)),
    idleMs: timeouts.keepAliveMs,
    clock,
  });
  const sockets = new Set<Socket>();
  const server = tlsServer(certificates);
  server.prependListener("connection", (socket: Socket) => {
    // There is no way yet to tell the client why.
    if (!guard.hasRoom()) return void socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("secureConnection", (socket: TLSSocket) => {
    // A reset, unheard, would end the process.
    socket.on("error", () => undefined);
    if (socket.alpnProtocol === "h2") http2.take(socket);
    else http1.take(socket);
  });
  const undo = certificates.onChange(() => server.setSecureContext(contextOf(certificates)));
  const uncount = guard.count(() => sockets.size);
  const release = (): void => {
    undo();
    uncount();
    http1.stop();
    http2.stop();
    for (const socket of sockets) socket.destroy();
  };
  try {
    await bind(server, options);
  } catch (error) {
    release();
    throw error;
  }
  let draining = false;
  return {
    name: options.listener,
    port: portOf(server, options.port),
    stopAccepting() {
      draining = true;
      server.close();
      http1.goAway();
      http2.goAway();
    },
    settle: (idleMs, limitMs) => http1.settle(idleMs, limitMs),
    async stop() {
      const closed = draining ? Promise.resolve() : new Promise<void>((resolve) => server.close(() => resolve()));
      release();
      await closed;
    },
  };
}

function tlsServer(certificates: CertificateStore): Server {
  return createServer({
    ...contextOf(certificates),
    ALPNProtocols: ["h2", "http/1.1"],
    SNICallback: (name, callback) => callback(null, certificates.choose(name)?.context),
    handshakeTimeout: HANDSHAKE_MS,
    noDelay: true,
  });
}

/** For clients that ask for no name. */
function contextOf(certificates: CertificateStore) {
  const certificate = certificates.choose("");
  const pair = certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
  return { ...pair, minVersion: TLS_FLOOR, honorCipherOrder: true } as const;
}
