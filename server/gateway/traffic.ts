import { OUTSIDE } from "#domain/traffic.ts";
import { pause } from "#platform/backoff.ts";
import type { Clock } from "#platform/clock.ts";
import type { Lifecycle } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { AddressRules } from "#platform/address-rules.ts";
import type { DataPlane } from "./data-plane.ts";
import { Forwarder } from "./forwarding.ts";
import { LISTENER_TIMEOUTS, type ListenerTimeouts } from "./http/listener-timeouts.ts";
import { listenForTraffic, type TrafficListener, type TrafficListenerOptions } from "./http/traffic-listener.ts";
import { OverloadGuard, openStrainGauge } from "./overload-guard.ts";
import { serveRequest } from "./serve-request.ts";
import type { CertificateSource } from "./tls/certificate-files.ts";
import { CertificateStore } from "./tls/certificate-store.ts";
import { listenTls } from "./tls/tls-listener.ts";
import { TrustedPeers } from "./trusted-peers.ts";

export interface TrafficOptions {
  readonly edge: { readonly host: string; readonly port: number };
  /** An edge listener for TLS besides, on the same host. */
  readonly tls?: { readonly port: number; readonly certificates: CertificateSource } | null;
  /** Listeners for local services that call others; each knows who is calling. */
  readonly egress: {
    readonly host: string;
    readonly listeners: readonly { readonly service: string; readonly port: number }[];
  };
  /** Proxies in front of the gateway, whose forwarding fields are believed. Default: none. */
  readonly trusted?: TrustedPeers;
  /** Of traces that begin here, how many are marked for recording, percent. Default: all. */
  readonly tracePercent?: number;
  /** What is above is refused with 503. */
  readonly limits?: { readonly connections: number; readonly requests: number };
  /** How many processes share the memory there is. */
  readonly sharers?: number;
  readonly timeouts?: ListenerTimeouts;
  /** How long `drain` waits for requests in flight, ms. */
  readonly drainMs: number;
  /** A client silent for this long may be cut off by a stop, ms; 500 unless told. */
  readonly quietMs?: number;
}

interface Surroundings {
  readonly rules: AddressRules;
  readonly clock: Clock;
  readonly log: Log;
}

/** The listeners for traffic. */
export interface Traffic {
  readonly edgePort: number;
  /** Null without a listener for TLS. */
  readonly tlsPort: number | null;
  /** By service. */
  readonly egressPorts: Readonly<Record<string, number>>;
  readonly guard: OverloadGuard;
  readonly certificates: CertificateStore | null;
  readonly draining: () => boolean;
  /** No new connections; requests in flight are waited for. */
  drain(): Promise<void>;
}

const LIMITS = { connections: 10_000, requests: 5000 };
/** Long enough for a client that is busy to learn from its next answer that it has to go, so that no request is lost on its way. */
const QUIET_MS = 500;

/**
 * Opens the listeners and lets the data plane serve what comes; `lifecycle` closes them.
 * @throws ListenFailure when a port cannot be bound, Error when there is no certificate for TLS.
 */
export async function openTraffic(
  plane: DataPlane,
  options: TrafficOptions,
  { rules, clock, log }: Surroundings,
  lifecycle: Lifecycle,
): Promise<Traffic> {
  const { trusted = new TrustedPeers(), tracePercent = 100, timeouts = LISTENER_TIMEOUTS, limits = LIMITS } = options;
  const forwarder = new Forwarder({ trusted, samplePercent: tracePercent });
  const listeners: TrafficListener[] = [];
  let draining = false;
  const guard = await lifecycle.start(
    () =>
      new OverloadGuard({
        maxConnections: limits.connections,
        maxRequests: limits.requests,
        requests: () => plane.meter.inFlight,
        gauge: openStrainGauge(options.sharers ?? 1),
        log,
      }),
  );

  function settings(listener: "edge" | "egress", name: string, caller: string, host: string, port: number) {
    const onRefused = (status: number): void => {
      plane.meter.refused(listener, status);
      plane.windows.unrouted();
    };
    const serve = serveRequest({
      listener,
      caller,
      handle: plane.handle,
      mesh: () => plane.live.current(),
      draining: () => draining,
      forwarder,
      guard,
      onRefused,
      clock,
      log,
    });
    return { listener: name, host, port, serve, onRefused, timeouts, wheel: plane.wheel, guard, clock };
  }

  async function open<Options extends TrafficListenerOptions>(
    listen: (settings: Options) => Promise<TrafficListener>,
    of: Options,
  ): Promise<number> {
    const listener = await lifecycle.start(() => listen(of));
    listeners.push(listener);
    rules.guard({ host: of.host, port: listener.port });
    return listener.port;
  }

  const { edge, egress, tls = null } = options;
  const edgePort = await open(listenForTraffic, settings("edge", "edge", OUTSIDE, edge.host, edge.port));
  const certificates = tls === null ? null : await lifecycle.start(() => CertificateStore.open(tls.certificates, log));
  const tlsPort =
    tls === null || certificates === null
      ? null
      : await open(listenTls, { ...settings("edge", "tls", OUTSIDE, edge.host, tls.port), certificates });
  const egressPorts: Record<string, number> = {};
  for (const { service, port } of egress.listeners) {
    const of = settings("egress", `egress ${service}`, service, egress.host, port);
    egressPorts[service] = await open(listenForTraffic, of);
  }
  return {
    edgePort,
    tlsPort,
    egressPorts,
    guard,
    certificates,
    draining: () => draining,
    async drain() {
      draining = true;
      const { quietMs = QUIET_MS } = options;
      for (const listener of listeners) listener.stopAccepting();
      log.info({ inFlight: plane.meter.inFlight }, "draining");
      const settled = Promise.all(listeners.map((listener) => listener.settle(quietMs, options.drainMs)));
      await Promise.race([settled.then(() => plane.meter.idle()), pause(options.drainMs)]);
      if (plane.meter.inFlight > 0) log.warn({ inFlight: plane.meter.inFlight }, "drain over, cutting off requests");
    },
  };
}
