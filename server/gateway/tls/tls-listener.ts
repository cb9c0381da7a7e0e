import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import { ListenFailure } from "../http-listener.ts";
import { TLS_FLOOR } from "./certificate.ts";
import type { CertificateStore } from "./certificate-store.ts";
import { Http2Sessions } from "./http2-sessions.ts";

export interface TlsListenOptions {
  /** For messages: `tls`. */
  readonly listener: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly certificates: CertificateStore;
  /** Takes a connection that speaks HTTP/1.1; whoever takes it also closes it. */
  readonly onHttp1: (socket: TLSSocket) => void;
  readonly onHttp2: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  /** Told of each connection before anything is read from it; a `false` refuses it, else the other is called when it closes. */
  readonly onOpen: () => boolean;
  readonly onClose: () => void;
  /** How long a connection may be silent between requests, ms. */
  readonly keepAliveMs: number;
  readonly clock: Clock;
}

export interface TlsListener extends Part {
  readonly port: number;
  /** Stops accepting; clients of HTTP/2 are told to send no more. */
  stopAccepting(): void;
}

/** A client that does not come to the point is not waited for longer than this, ms. */
const HANDSHAKE_MS = 10_000;

/**
 * Listens for HTTP over TLS: HTTP/2 where the client chooses it (ALPN), else HTTP/1.1. Certificates are chosen by the
 * name that the client asks for, among those in force at that moment.
 * @throws ListenFailure when the port cannot be bound.
 */
export async function listenTls(options: TlsListenOptions): Promise<TlsListener> {
  const { certificates, listener, host, port } = options;
  const http2 = new Http2Sessions({ onRequest: options.onHttp2, idleMs: options.keepAliveMs, clock: options.clock });
  const handshaking = new Set<Socket>();
  const server = createServer({
    ALPNProtocols: ["h2", "http/1.1"],
    SNICallback: (name, callback) => callback(null, certificates.choose(name)?.context),
    handshakeTimeout: HANDSHAKE_MS,
    minVersion: TLS_FLOOR,
    honorCipherOrder: true,
    noDelay: true,
    ...unnamed(certificates),
  });
  server.prependListener("connection", (socket: Socket) => {
    if (!options.onOpen()) return void socket.destroy();
    handshaking.add(socket);
    socket.on("close", () => {
      handshaking.delete(socket);
      options.onClose();
    });
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("secureConnection", (socket: TLSSocket) => {
    // A reset, unheard, would end the process.
    socket.on("error", () => undefined);
    if (socket.alpnProtocol === "h2") http2.take(socket);
    else options.onHttp1(socket);
  });
  const undo = certificates.onChange(() =>
    server.setSecureContext({ minVersion: TLS_FLOOR, ...unnamed(certificates) }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new ListenFailure(listener, host, port, error)));
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  }).catch((error: unknown) => {
    undo();
    throw error;
  });
  const address = server.address();
  return {
    name: listener,
    port: typeof address === "object" && address !== null ? address.port : port,
    stopAccepting() {
      server.close();
      http2.stopAccepting();
    },
    stop: () =>
      new Promise((resolve) => {
        undo();
        server.close(() => resolve());
        http2.stop();
        for (const socket of handshaking) socket.destroy();
      }),
  };
}

/** For clients that ask for no name. */
function unnamed(certificates: CertificateStore): { cert?: string; key?: string } {
  const certificate = certificates.choose("");
  return certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
}
