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
  let draining = false;
  return {
    name: options.listener,
    port: portOf(server, options.port),
    stopAccepting() {
      draining = true;
      server.close();
      connections.goAway();
    },
    settle: (idleMs, limitMs) => connections.settle(idleMs, limitMs),
    async stop() {
      const closed = draining ? Promise.resolve() : new Promise<void>((resolve) => server.close(() => resolve()));
      connections.stop();
      uncount();
      await closed;
    },
  };
}
