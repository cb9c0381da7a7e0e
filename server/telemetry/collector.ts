import type { EdgeTotals } from "#domain/edge-totals.ts";
import type { Acknowledgement, GatewayRegistration } from "#domain/gateway-info.ts";
import type { GatewayStatus } from "#domain/live.ts";
import type { BackoffOptions } from "#platform/backoff.ts";
import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { ReceivedWindow, WindowHead } from "./received-window.ts";
import { RollingTraffic, type RollingGateway } from "./rolling-traffic.ts";
import { TelemetryReader, type StreamPosition } from "./telemetry-reader.ts";
import { TransitionBook, type PlacedTransition } from "./transition-book.ts";
import { WindowStore, type PlacedWindow } from "./window-store.ts";

/** Which gateways there are; ZooKeeper's watch provides it. */
export interface GatewayDirectory {
  current(): {
    readonly registrations: readonly GatewayRegistration[];
    readonly acknowledgements: readonly Acknowledgement[];
  };
  onChange(listener: () => void): () => void;
}

export interface CollectorOptions {
  readonly directory: GatewayDirectory;
  /**
   * Given every window once, in order for each gateway. `endedAtMs` tells when it ended by the console's clock: windows out of a
   * gateway's buffer arrive late, and by how much is known once newer ones have come.
   */
  readonly onWindow: (window: ReceivedWindow, endedAtMs: () => number) => void;
  /** Of the readers, before they connect anew. */
  readonly backoff?: BackoffOptions;
  readonly clock: Clock;
  readonly log: Log;
}

/** One gateway's recent windows. */
export interface CollectedGateway {
  readonly gatewayId: string;
  /** Windows of the last minute and a little more, oldest first. */
  readonly windows: readonly PlacedWindow[];
  readonly latest: WindowHead | undefined;
}

export interface Collector extends Part {
  gateways(nowMs: number): CollectedGateway[];
  /** What flowed over all gateways in the last seconds (CALLS_MS), one entry for each series. */
  calls(nowMs: number): EdgeTotals[];
  load(): CollectorLoad;
  statuses(): GatewayStatus[];
  /** Of a command and of its service as a whole, latest first. */
  transitionsOf(routeId: string, service: string): readonly PlacedTransition[];
}

/** What the collector has to keep up with. */
export interface CollectorLoad {
  /** Windows handed on since the start. */
  readonly windows: number;
  /** Series in the calls of the last seconds, and pairs of series and gateway. */
  readonly series: number;
  readonly cells: number;
}

/** What rates and percentiles are taken over, ms. */
export const CALLS_MS = 10_000;
/** Gateways that are gone of which it is remembered how far their windows were taken. */
const LEFT_MAX = 1000;
/** A gateway that left the registry is shown, and its stream tried, for this long, ms. */
const FAREWELL_MS = 60_000;
const MINUTE_MS = 64_000;
const CHECK_MS = 5000;
const SETTLE_MS = 500;

interface Known {
  registration: GatewayRegistration | null;
  /** The last one seen, for the address while ZooKeeper is away. */
  adminUrl: string;
  /** Unix epoch ms; null while registered. */
  leftAtMs: number | null;
  readonly reader: TelemetryReader;
  readonly store: WindowStore;
  readonly rolling: RollingGateway;
  /** When its windows were settled on arrival last, monotonic, ms. */
  settledMs: number;
  lostWindows: number;
  dropped: number;
}

/** Follows the telemetry of every registered gateway, and keeps the last minute of it. */
export function collectTelemetry(options: CollectorOptions): Collector {
  const { directory, clock } = options;
  const known = new Map<string, Known>();
  /** How far the windows of gateways that are gone were taken: one that comes back tells all it still has. */
  const left = new Map<string, StreamPosition>();
  const transitions = new TransitionBook();
  const traffic = new RollingTraffic(CALLS_MS);
  let taken = 0;

  function take(gatewayId: string, store: WindowStore, window: ReceivedWindow): void {
    taken += 1;
    store.add(window, clock.nowMs());
    const entry = known.get(gatewayId);
    if (entry !== undefined) {
      entry.dropped += window.dropped;
      entry.rolling.add(window, store.turnedMs);
      // Counted as it comes, so that a picture has little left to do; not each of the many that come out of a buffer.
      const nowMs = clock.monotonicMs();
      if (nowMs - entry.settledMs > SETTLE_MS) {
        entry.settledMs = nowMs;
        entry.rolling.settle(clock.nowMs(), store.skewMs, store.turnedMs);
      }
    }
    for (const transition of window.transitions) transitions.add({ ...transition, gatewayId });
    // Nothing of the window but when it ended: who asks may hold on to this for long.
    const { endMs } = window;
    const { turnedMs } = store;
    options.onWindow(window, () => store.endedAtMs({ endMs }, turnedMs));
  }

  function greet(registration: GatewayRegistration): void {
    const { id } = registration;
    const entry = known.get(id);
    if (entry !== undefined) {
      entry.registration = registration;
      entry.adminUrl = registration.adminUrl;
      entry.leftAtMs = null;
      return;
    }
    const store = new WindowStore();
    const reader = new TelemetryReader({
      gatewayId: id,
      from: left.get(id) ?? null,
      adminUrl: () => known.get(id)?.adminUrl ?? registration.adminUrl,
      onGreeting: (run, nowMs) => store.greet(run, nowMs, clock.nowMs()),
      onWindow: (window) => take(id, store, window),
      onLost: (windows) => {
        const lossy = known.get(id);
        if (lossy !== undefined) lossy.lostWindows += windows;
      },
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
      clock,
      log: options.log,
    });
    known.set(id, {
      registration,
      adminUrl: registration.adminUrl,
      leftAtMs: null,
      reader,
      store,
      rolling: traffic.join(id),
      settledMs: Number.NEGATIVE_INFINITY,
      lostWindows: 0,
      dropped: 0,
    });
  }

  function reconcile(): void {
    const { registrations } = directory.current();
    const present = new Set(registrations.map((registration) => registration.id));
    for (const registration of registrations) greet(registration);
    for (const [id, entry] of known) {
      if (present.has(id)) continue;
      entry.registration = null;
      entry.leftAtMs ??= clock.nowMs();
      // While the stream goes on, the gateway is there, whatever the registry says (it may be ZooKeeper that was restarted).
      if (clock.nowMs() - Math.max(entry.leftAtMs, entry.store.lastReceivedMs) > FAREWELL_MS) {
        known.delete(id);
        entry.rolling.leave();
        remember(id, entry.reader.position());
        void entry.reader.stop();
      }
    }
  }

  function remember(id: string, position: StreamPosition | null): void {
    left.delete(id);
    if (position !== null) left.set(id, position);
    for (const oldest of left.keys()) if (left.size > LEFT_MAX) left.delete(oldest);
  }

  function calls(nowMs: number): EdgeTotals[] {
    for (const { rolling, store } of known.values()) rolling.settle(nowMs, store.skewMs, store.turnedMs);
    return traffic.totals();
  }

  const unsubscribe = directory.onChange(reconcile);
  const timer = setInterval(reconcile, CHECK_MS).unref();
  reconcile();

  return {
    name: "telemetry collector",
    gateways: (nowMs) =>
      [...known].sort(byKey).map(([gatewayId, { store }]) => ({
        gatewayId,
        windows: store.since(nowMs - MINUTE_MS),
        latest: store.latest(),
      })),
    calls,
    load: () => ({ windows: taken, series: traffic.series, cells: traffic.cells }),
    statuses: () => statusesOf(known, directory.current().acknowledgements),
    transitionsOf: (routeId, service) => transitions.of(routeId, service),
    async stop() {
      unsubscribe();
      clearInterval(timer);
      await Promise.all([...known.values()].map((entry) => entry.reader.stop()));
    },
  };
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function statusesOf(known: ReadonlyMap<string, Known>, acknowledgements: readonly Acknowledgement[]): GatewayStatus[] {
  return [...known].sort(byKey).map(([id, entry]) => ({
    id,
    registration: entry.registration,
    acknowledgement: acknowledgements.find((acknowledgement) => acknowledgement.gatewayId === id) ?? null,
    stream: entry.reader.status(),
    lastWindowAtMs: entry.store.lastReceivedMs,
    lostWindows: entry.lostWindows,
    dropped: entry.dropped + entry.rolling.givenUp,
  }));
}
