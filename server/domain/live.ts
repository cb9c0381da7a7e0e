import type { BackupOutlook } from "./backup-outlook.ts";
import type { DriftMode } from "./drift.ts";
import type { Acknowledgement, GatewayRegistration } from "./gateway-info.ts";
import type { RegistryService, Truncated } from "./instance.ts";
import type { LinkStatus } from "./link-status.ts";
import type { BlockedNode, FullPass, Halt, Propagation } from "./publishing.ts";
import type { Topology } from "./topology.ts";
import type { HystrixCommand, HystrixSource } from "./hystrix-command.ts";
import type { AccessLists, ZooKeeperStatus } from "./zookeeper-status.ts";
import type { BreakerReading, BreakerTransition, InstanceStanding, Outcome } from "./traffic.ts";

/** One gateway as the console sees it. */
export interface GatewayStatus {
  readonly id: string;
  /** Null when it has left the registry but its acknowledgement or stream is still known. */
  readonly registration: GatewayRegistration | null;
  readonly acknowledgement: Acknowledgement | null;
  readonly stream: LinkStatus;
  /** Unix epoch ms of the last window received; 0 before the first. */
  readonly lastWindowAtMs: number;
  /** Windows known to be lost, and observations the gateway dropped, since the console started. */
  readonly lostWindows: number;
  readonly dropped: number;
}

/** One breaker of the fleet: a command, and its reading at each gateway. */
export interface FleetBreaker {
  /** Hystrix command key. */
  readonly key: string;
  readonly routeId: string;
  readonly service: string;
  readonly group: string;
  readonly gateways: readonly { readonly gatewayId: string; readonly reading: BreakerReading }[];
  /** Requests per second offered over the last 10 s, refused ones included. */
  readonly offeredPerSecond: number;
  readonly callers: readonly string[];
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Per second, oldest first, at most 60. */
  readonly history: readonly BreakerSecond[];
  /** Latest first, at most 20. */
  readonly transitions: readonly (BreakerTransition & { readonly gatewayId: string })[];
  /** Whether its backups could take what it is asked for now, in their order. */
  readonly outlooks: readonly BackupOutlook[];
}

export interface BreakerSecond {
  readonly atMs: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly fallbackServed: number;
}

/** How far policy has travelled. */
export interface SyncStatus {
  readonly incarnation: string;
  /** Highest revision in the database. */
  readonly savedRevision: number;
  /** Revision of the head in ZooKeeper; null when it cannot be read or nothing is published. */
  readonly publishedRevision: number | null;
  /** Console that publishes; null when nobody is elected. */
  readonly leader: string | null;
  /** Why publishing stands still, for people; empty when it does not. */
  readonly halted: string;
  /** What a person has to choose before it goes on; null when nothing. */
  readonly halt: Halt | null;
  readonly blocked: readonly BlockedNode[];
  /** Null before the leader's first. */
  readonly lastFullPass: FullPass | null;
  readonly driftMode: DriftMode;
  /** Findings that wait for a person. */
  readonly openDrift: number;
  /** Those a person has left as found. */
  readonly ignoredDrift: number;
  readonly propagation: Propagation;
}

/** This console's session with ZooKeeper. */
export interface ZooKeeperLink extends ZooKeeperStatus {
  /** `open`: whoever reaches ZooKeeper may change what is published, as nodes are made without credentials. */
  readonly access: "open" | "closed";
  /** Null while access is open, and before the first look. */
  readonly accessLists: AccessLists | null;
}

/** Everything live, pushed to browsers once a second. */
export interface LivePicture {
  /** Unix epoch ms when the picture was put together. */
  readonly atMs: number;
  /** Length of the averaging window behind the topology, ms. */
  readonly windowMs: number;
  readonly consoleId: string;
  readonly topology: Topology;
  readonly services: readonly LiveService[];
  readonly breakers: readonly FleetBreaker[];
  /** Commands of JVM services, by their own `hystrix.stream`, by key. */
  readonly hystrix: readonly HystrixCommand[];
  readonly hystrixSources: readonly HystrixSource[];
  readonly gateways: readonly GatewayStatus[];
  readonly sync: SyncStatus;
  readonly links: { readonly zookeeper: ZooKeeperLink; readonly database: LinkStatus };
  /** Version of the thresholds that health is judged by; 0: the defaults. */
  readonly healthVersion: number;
  /** Unix epoch ms of the registry reading shown. */
  readonly registryReadAtMs: number;
  /** What the registry holds beyond what is shown. */
  readonly registryTruncated: Truncated;
}

/** A service of the registry with how each instance is doing. */
export interface LiveService extends RegistryService {
  readonly traffic: readonly InstanceTraffic[];
  /** Instances that were ever ejected, are unhealthy or overridden, at each gateway that says so. */
  readonly standings: readonly (InstanceStanding & { readonly gatewayId: string })[];
  /** Instances that left in the last minutes, with when (Unix epoch ms). */
  readonly departed: readonly {
    readonly id: string;
    readonly address: string;
    readonly port: number;
    readonly atMs: number;
  }[];
}

export interface InstanceTraffic {
  readonly instance: string;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms: number | null;
}

/** How far one object's latest edit has travelled. */
export interface Delivery {
  readonly stage: "saved" | "published" | "applied";
  /** ZooKeeper does not let the object's node be written: it stays as it was before. */
  readonly blocked: boolean;
  readonly appliedOn: readonly string[];
  readonly behind: readonly string[];
  readonly refused: readonly { readonly gatewayId: string; readonly reason: string }[];
}

/** Follows an edit: saved → published → applied on n of m gateways. `key` is a policy key such as `routes/checkout`. */
export function deliveryOf(
  key: string,
  revision: number,
  sync: SyncStatus,
  gateways: readonly GatewayStatus[],
): Delivery {
  const live = gateways.filter((gateway) => gateway.registration !== null);
  const ackOf = (gateway: GatewayStatus): Acknowledgement | null =>
    gateway.acknowledgement?.incarnation === sync.incarnation ? gateway.acknowledgement : null;
  const refused = live.flatMap((gateway) =>
    (ackOf(gateway)?.refused ?? [])
      .filter((document) => document.key === key)
      .map((document) => ({ gatewayId: gateway.id, reason: document.reason })),
  );
  const refusing = new Set(refused.map((entry) => entry.gatewayId));
  const reached = live.filter((gateway) => (ackOf(gateway)?.revision ?? -1) >= revision);
  const appliedOn = reached.map((gateway) => gateway.id).filter((id) => !refusing.has(id));
  const behind = live.map((gateway) => gateway.id).filter((id) => !appliedOn.includes(id) && !refusing.has(id));
  // The head moves on past a node that ZooKeeper does not let us write.
  const blocked = sync.blocked.some(({ path }) => path.endsWith(`/${key}`));
  const published = !blocked && knownAsPublished(sync, live.map(ackOf)) >= revision;
  const everywhere = published && live.length > 0 && behind.length === 0 && refused.length === 0;
  return { stage: everywhere ? "applied" : published ? "published" : "saved", blocked, appliedOn, behind, refused };
}

/**
 * The revision that is published at least. While ZooKeeper is away nobody can say what the head is, but what a gateway
 * has applied was published. A gateway that is ahead of the database holds what was not saved here, and proves nothing.
 */
function knownAsPublished(sync: SyncStatus, acknowledged: readonly (Acknowledgement | null)[]): number {
  if (sync.publishedRevision !== null) return sync.publishedRevision;
  const ours = acknowledged.map((ack) => ack?.revision ?? -1).filter((revision) => revision <= sync.savedRevision);
  return Math.max(-1, ...ours);
}
