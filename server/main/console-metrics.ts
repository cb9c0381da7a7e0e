import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { GatewayStatus, LivePicture, SyncStatus } from "#domain/live.ts";
import type { Collector } from "#telemetry/collector.ts";
import type { Live } from "#telemetry/live.ts";

export interface ConsoleMetricsSources {
  readonly collector: Pick<Collector, "statuses" | "load">;
  readonly live: Pick<Live, "cost">;
  readonly sync: () => SyncStatus;
  readonly links: () => LivePicture["links"];
  readonly isLeader: () => boolean;
  readonly version: string;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly value: () => number;
}

/** Of gateways: how far each is with what is published. */
const STATES = ["current", "behind", "unknown"] as const;

/** What a console has to say to Prometheus. Everything is looked up when it asks; labels hold ids of gateways and our own words. */
export function openConsoleMetrics(sources: ConsoleMetricsSources): Registry {
  const registry = new Registry();
  const { live, collector, sync, links, isLeader, version } = sources;
  collectDefaultMetrics({ register: registry });
  for (const metric of gaugesOf(sources)) addGauge(registry, metric);
  addCounter(registry, {
    name: "meshkeeper_console_windows_total",
    help: "Telemetry windows taken in, of all gateways.",
    value: () => collector.load().windows,
  });
  addCounter(registry, {
    name: "meshkeeper_console_pictures_total",
    help: "Live pictures taken.",
    value: () => live.cost().pictures,
  });
  addCounter(registry, {
    name: "meshkeeper_console_picture_seconds_total",
    help: "Time spent on taking live pictures, while which the console does nothing else.",
    value: () => live.cost().totalMs / 1000,
  });
  addLinks(registry, links);
  addGateways(registry, collector, sync);
  addSync(registry, sync, isLeader);
  new Gauge({
    name: "meshkeeper_build_info",
    help: "1, for the version that runs.",
    labelNames: ["component", "version"],
    registers: [registry],
  }).set({ component: "console", version }, 1);
  return registry;
}

function gaugesOf({ collector, live }: ConsoleMetricsSources): Metric[] {
  return [
    {
      name: "meshkeeper_console_series",
      help: "Series with calls in the last seconds.",
      value: () => collector.load().series,
    },
    {
      name: "meshkeeper_console_series_by_gateway",
      help: "The same, counted at each gateway apart.",
      value: () => collector.load().cells,
    },
    {
      name: "meshkeeper_console_picture_longest_seconds",
      help: "The longest that a live picture took.",
      value: () => live.cost().longestMs / 1000,
    },
    {
      name: "meshkeeper_console_live_subscribers",
      help: "Browsers that follow the live picture.",
      value: () => live.cost().readers,
    },
  ];
}

function addLinks(registry: Registry, links: ConsoleMetricsSources["links"]): void {
  new Gauge({
    name: "meshkeeper_console_link_up",
    help: "1 while the console reaches what it depends on.",
    labelNames: ["link"],
    registers: [registry],
    collect() {
      const { zookeeper, database } = links();
      this.set({ link: "zookeeper" }, zookeeper.state === "up" ? 1 : 0);
      this.set({ link: "database" }, database.state === "up" ? 1 : 0);
    },
  });
}

function addGateways(registry: Registry, collector: Pick<Collector, "statuses">, sync: () => SyncStatus): void {
  const of = (name: string, help: string, value: (gateway: GatewayStatus) => number | null): void => {
    new Gauge({
      name,
      help,
      labelNames: ["gateway"],
      registers: [registry],
      collect() {
        this.reset();
        for (const gateway of collector.statuses()) {
          const figure = value(gateway);
          if (figure !== null) this.set({ gateway: gateway.id }, figure);
        }
      },
    });
  };
  of("meshkeeper_console_gateway_stream_up", "1 while the gateway's telemetry is followed.", ({ stream }) =>
    stream.state === "up" ? 1 : 0,
  );
  of(
    "meshkeeper_console_gateway_last_window_timestamp_seconds",
    "When the gateway's last window arrived; left out before the first.",
    ({ lastWindowAtMs }) => (lastWindowAtMs === 0 ? null : lastWindowAtMs / 1000),
  );
  of(
    "meshkeeper_console_gateway_applied_revision",
    "Revision of the policy that the gateway has acknowledged.",
    ({ acknowledgement }) => acknowledgement?.revision ?? null,
  );
  addLosses(registry, collector);
  new Gauge({
    name: "meshkeeper_console_gateways",
    help: "Gateways, by whether they have acknowledged what is published.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const published = sync();
      const states = collector.statuses().map((status) => stateOf(status, published));
      for (const state of STATES) this.set({ state }, states.filter((one) => one === state).length);
    },
  });
}

/** Of a gateway that is gone the counts are gone, too: they begin anew should it come back. */
function addLosses(registry: Registry, collector: Pick<Collector, "statuses">): void {
  const losses = [
    [
      "meshkeeper_console_gateway_windows_lost_total",
      "Windows that a gateway no longer had, or that could not be read.",
      "lostWindows",
    ],
    [
      "meshkeeper_console_gateway_observations_dropped_total",
      "Calls that a gateway, or the console for a gateway's series, had no room to count.",
      "dropped",
    ],
  ] as const;
  for (const [name, help, field] of losses)
    new Counter({
      name,
      help,
      labelNames: ["gateway"],
      registers: [registry],
      collect() {
        this.reset();
        for (const status of collector.statuses()) this.inc({ gateway: status.id }, status[field]);
      },
    });
}

function addSync(registry: Registry, sync: () => SyncStatus, isLeader: () => boolean): void {
  const metrics: Metric[] = [
    {
      name: "meshkeeper_console_leader",
      help: "1 on the console that publishes.",
      value: () => (isLeader() ? 1 : 0),
    },
    {
      name: "meshkeeper_console_saved_revision",
      help: "Highest revision in the database.",
      value: () => sync().savedRevision,
    },
    {
      name: "meshkeeper_console_published_revision",
      help: "Revision of the head in ZooKeeper; 0 while it is not known.",
      value: () => sync().publishedRevision ?? 0,
    },
    {
      name: "meshkeeper_console_publishing_halted",
      help: "1 while publishing waits for a person.",
      value: () => (sync().halt === null ? 0 : 1),
    },
    {
      name: "meshkeeper_console_open_drift",
      help: "Differences between ZooKeeper and the database that wait for a person.",
      value: () => sync().openDrift,
    },
  ];
  for (const metric of metrics) addGauge(registry, metric);
}

function stateOf(
  { acknowledgement }: GatewayStatus,
  { publishedRevision, incarnation }: SyncStatus,
): (typeof STATES)[number] {
  if (acknowledgement === null || publishedRevision === null) return "unknown";
  const isOurs = acknowledgement.incarnation === incarnation;
  return isOurs && acknowledgement.revision >= publishedRevision ? "current" : "behind";
}

function addGauge(registry: Registry, { name, help, value }: Metric): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}

function addCounter(registry: Registry, { name, help, value }: Metric): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}
