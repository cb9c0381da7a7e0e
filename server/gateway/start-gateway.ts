import { pause } from "#platform/backoff.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { Lifecycle, type Part } from "#platform/lifecycle.ts";
import { OUTSIDE } from "#domain/traffic.ts";
import { serveAdmin } from "./admin.ts";
import { DataPlane, type DataPlaneOptions } from "./data-plane.ts";
import { listen } from "./http-listener.ts";
import { LISTENER_TIMEOUTS, type ListenerTimeouts } from "./http/listener-timeouts.ts";
import { listenForTraffic, type TrafficListener, type TrafficListenerOptions } from "./http/traffic-listener.ts";
import type { Applied } from "./live-mesh.ts";
import { serveRequest } from "./serve-request.ts";

export interface GatewayOptions extends Omit<DataPlaneOptions, "clock" | "session"> {
  readonly edge: { readonly host: string; readonly port: number };
  readonly admin: { readonly host: string; readonly port: number };
  /** Listeners for local services that call others; each knows who is calling. */
  readonly egress: {
    readonly host: string;
    readonly listeners: readonly { readonly service: string; readonly port: number }[];
  };
  /** How long `stop` waits for requests in flight, ms. */
  readonly drainMs: number;
  readonly session?: () => string | null;
  readonly timeouts?: ListenerTimeouts;
  readonly clock?: Clock;
}

export interface Gateway extends Part {
  readonly edgePort: number;
  readonly adminPort: number;
  /** By service. */
  readonly egressPorts: Readonly<Record<string, number>>;
  /** Calls back with what is in force already, if anything, and after each change of policy; returns its undo. */
  onApplied(listener: (applied: Applied) => void): () => void;
}

/**
 * A client that has been silent for this long may be cut off when the gateway stops, ms. One that is busy learns from its
 * next answer that it has to go, so that no request is lost on its way.
 */
const QUIET_MS = 500;

/**
 * Starts a gateway: it follows its feeds, and listens. `stop` drains it: not ready any more, no new connections,
 * requests in flight are waited for, then everything ends.
 * @throws ListenFailure when a port cannot be bound; nothing is left running then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, clock = systemClock, session = () => null, timeouts = LISTENER_TIMEOUTS } = options;
  const lifecycle = new Lifecycle(log);
  let draining = false;
  const plane = await lifecycle.start(() => DataPlane.open({ ...options, clock, session }));
  const notReady = (): string[] => reasonsNotReady(plane, draining);
  const { live, metrics, stream } = plane;
  const onAdmin = serveAdmin({
    gatewayId: options.id,
    mesh: () => live.current(),
    origin: () => live.origin(),
    refused: () => live.refused(),
    instances: () => plane.instances(),
    notReady,
    metrics: metrics.registry,
    stream,
  });
  const admin = await lifecycle.start(() => listen({ listener: "admin", ...options.admin, onRequest: onAdmin }));
  const edge = await lifecycle.start(() =>
    listenForTraffic(traffic("edge", OUTSIDE, options.edge.host, options.edge.port)),
  );
  const egress = new Map<string, TrafficListener>();
  for (const { service, port } of options.egress.listeners) {
    egress.set(
      service,
      await lifecycle.start(() => listenForTraffic(traffic("egress", service, options.egress.host, port))),
    );
  }

  function traffic(listener: "edge" | "egress", caller: string, host: string, port: number): TrafficListenerOptions {
    const onRefused = (status: number): void => {
      plane.meter.refused(listener, status);
      plane.windows.unrouted();
    };
    const serve = serveRequest({
      listener,
      caller,
      handle: plane.handle,
      mesh: () => live.current(),
      draining: () => draining,
      onRefused,
      clock,
      log,
    });
    const name = listener === "edge" ? "edge" : `egress ${caller}`;
    return { listener: name, host, port, serve, onRefused, timeouts, wheel: plane.wheel, clock };
  }

  return {
    name: "gateway",
    edgePort: edge.port,
    adminPort: admin.port,
    egressPorts: Object.fromEntries([...egress].map(([service, { port }]) => [service, port])),
    onApplied: (listener) => plane.onApplied(listener),
    async stop() {
      draining = true;
      const listeners = [edge, ...egress.values()];
      for (const listener of listeners) listener.stopAccepting();
      log.info({ inFlight: plane.meter.inFlight }, "draining");
      const settled = Promise.all(listeners.map((listener) => listener.settle(QUIET_MS, options.drainMs)));
      await Promise.race([settled.then(() => plane.meter.idle()), pause(options.drainMs)]);
      if (plane.meter.inFlight > 0) log.warn({ inFlight: plane.meter.inFlight }, "drain over, cutting off requests");
      await lifecycle.stop();
    },
  };
}

function reasonsNotReady({ live }: DataPlane, draining: boolean): string[] {
  const reasons = [];
  if (draining) reasons.push("draining");
  if (live.current() === null) reasons.push("no policy received yet");
  if (!live.knowsInstances) reasons.push("registry not read yet");
  return reasons;
}
