import { createServer } from "node:net";
import type { Part } from "#platform/lifecycle.ts";
import { bind, portOf, refuseOnSocket, type ListenAddress } from "../http-listener.ts";
import type { OverloadGuard } from "../overload-guard.ts";
import { problem } from "../problem.ts";
import { Http1Connections, type ConnectionsOptions } from "./http1-connections.ts";

export interface TrafficListenerOptions extends ListenAddress, ConnectionsOptions {
  readonly guard: OverloadGuard;
}

export interface TrafficListener extends Part {
  readonly port: number;
  /** Stops accepting. Open connections learn it from the next answer; WebSockets are told to go. */
  stopAccepting(): void;
  /** Closes connections that have been idle for `idleMs`; resolves when only busy ones are left, or `limitMs` have passed. */
  settle(idleMs: number, limitMs: number): Promise<void>;
}

/**
 * Listens for HTTP/1.1.
 * @throws ListenFailure when the port cannot be bound.
 */
export async function listenForTraffic(options: TrafficListenerOptions): Promise<TrafficListener> {
  const { guard, onRefused } = options;
  const connections = new Http1Connections(options);
  const server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, (socket) => {
    if (guard.hasRoom()) return connections.take(socket);
    if (refuseOnSocket(socket, problem("OVERLOADED"))) onRefused(503);
  });
  try {
    await bind(server, options);
  } catch (error) {
    connections.stop();
    throw error;
  }
  const uncount = guard.count(() => connections.count);
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= new Promise((resolve) => server.close(() => resolve())));
  /** Past the point where the port is closed. */
  let shut: Promise<void> = Promise.resolve();
  return {
    name: options.listener,
    port: portOf(server, options.port),
    stopAccepting() {
      // Clients that are connected already, as far as they know, are taken first: with the port they would be reset.
      shut = new Promise((resolve) => {
        setImmediate(() => {
          void close();
          resolve();
        });
      });
      connections.goAway();
    },
    settle: (idleMs, limitMs) => shut.then(() => connections.settle(idleMs, limitMs)),
    async stop() {
      await shut;
      const ended = close();
      connections.stop();
      uncount();
      await ended;
    },
  };
}
