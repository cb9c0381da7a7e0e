import { randomUUID } from "node:crypto";
import { GatewayHystrix } from "#telemetry/gateway-hystrix.ts";
import { GatewayStream } from "#telemetry/gateway-stream.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { Lifecycle, type Part } from "#platform/lifecycle.ts";
import { AddressRules } from "#platform/address-rules.ts";
import { serveAdmin } from "./admin.ts";
import type { Applied } from "./applied-news.ts";
import { DataPlane, type DataPlaneOptions } from "./data-plane.ts";
import { listen } from "./http-listener.ts";
import type { LiveMesh } from "./live-mesh.ts";
import { addControlMetrics } from "./metrics.ts";
import { addTrafficMetrics } from "./traffic-metrics.ts";
import { openTraffic, type TrafficOptions } from "./traffic.ts";
import { UpstreamAuthorities } from "./tls/upstream-tls.ts";

export interface GatewayOptions
  extends Omit<DataPlaneOptions, "clock" | "run" | "worker" | "onWindow" | "rules" | "authorities">, TrafficOptions {
  readonly admin: { readonly host: string; readonly port: number };
  readonly session?: () => string | null;
  /** What runs, for metrics. */
  readonly version?: string;
  /** Where instances may lead. Default: as `AddressRules` has it, so not to loopback. */
  readonly rules?: AddressRules;
  readonly authorities?: UpstreamAuthorities;
  readonly clock?: Clock;
}

export interface Gateway extends Part {
  readonly edgePort: number;
  /** Null without a listener for TLS. */
  readonly tlsPort: number | null;
  readonly adminPort: number;
  /** By service. */
  readonly egressPorts: Readonly<Record<string, number>>;
  /** Calls back with what is in force and on the disk already, if anything, and after each change of policy; returns its undo. */
  onApplied(listener: (applied: Applied) => void): () => void;
}

/**
 * Starts a gateway: it follows its feeds, and listens. `stop` drains it: not ready any more, no new connections,
 * requests in flight are waited for, then everything ends.
 * @throws ListenFailure when a port cannot be bound; nothing is left running then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, clock = systemClock, session = () => null, rules = new AddressRules() } = options;
  const authorities = options.authorities ?? new UpstreamAuthorities(null);
  const lifecycle = new Lifecycle(log);
  const run = randomUUID();
  const stream = await lifecycle.start(() => new GatewayStream(run, clock));
  const hystrix = new GatewayHystrix(clock);
  const onWindow = (window: TrafficWindow): void => {
    stream.publish(window);
    hystrix.take(window);
  };
  const plane = await lifecycle.start(() => DataPlane.open({ ...options, run, rules, authorities, clock, onWindow }));
  const { live, metrics } = plane;
  let draining = (): boolean => false;
  const onAdmin = serveAdmin({
    gatewayId: options.id,
    mesh: () => live.current(),
    origin: () => live.origin(),
    refused: () => live.refused(),
    instances: () => plane.instances(),
    notReady: () => reasonsNotReady(live, draining()),
    certificates: () => traffic?.certificates?.list() ?? [],
    metrics: () => metrics.registry.metrics(),
    stream,
    hystrix,
  });
  const admin = await lifecycle.start(() => listen({ listener: "admin", ...options.admin, onRequest: onAdmin }));
  // Stopped before the listener, which would break off their answers.
  await lifecycle.start(() => hystrix);
  await lifecycle.start(() => ({ name: "last window", stop: () => sayLast(plane, stream) }));
  rules.guard({ host: options.admin.host, port: admin.port });
  const traffic = await openTraffic(plane, options, { rules, clock, log }, lifecycle);
  draining = traffic.draining;
  addTrafficMetrics(metrics.registry, traffic);
  addControlMetrics(metrics.registry, {
    revision: () => live.current()?.policy.source.revision ?? 0,
    session,
    telemetryReaders: () => stream.readers,
    telemetryBuffer: () => stream.buffer,
    version: options.version ?? "",
  });

  return {
    name: "gateway",
    edgePort: traffic.edgePort,
    tlsPort: traffic.tlsPort,
    adminPort: admin.port,
    egressPorts: traffic.egressPorts,
    onApplied: (listener) => plane.onApplied(listener),
    async stop() {
      await traffic.drain();
      await lifecycle.stop();
    },
  };
}

/** What was counted last, while the drain went on, reaches the readers of the stream. */
function sayLast(plane: DataPlane, stream: GatewayStream): Promise<void> {
  plane.closeWindow();
  return stream.stop();
}

/** Why a gateway that serves by `live` must get no traffic now. */
export function reasonsNotReady(live: LiveMesh, draining: boolean): string[] {
  const reasons = [];
  if (draining) reasons.push("draining");
  if (live.current() === null) reasons.push("no policy received yet");
  if (!live.knowsInstances) reasons.push("registry not read yet");
  return reasons;
}
