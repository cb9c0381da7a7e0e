import type { Topology } from "./topology.ts";

/** Lengths of the spans traffic is kept in, s, and how long each is kept, s: fine while fresh, coarse for long. */
export const RESOLUTIONS = [
  { seconds: 1, keptSeconds: 10 * 60 },
  { seconds: 10, keptSeconds: 24 * 60 * 60 },
  { seconds: 60, keptSeconds: 14 * 24 * 60 * 60 },
] as const;
export type ResolutionSeconds = (typeof RESOLUTIONS)[number]["seconds"];

/** No later moment can be asked for, Unix epoch, ms: PostgreSQL reads no year of more than four digits. */
export const LAST_MOMENT_MS = Date.UTC(9999, 11, 30);

/** What is on record, and what it takes. */
export interface HistoryExtent {
  /** Unix epoch, ms, of the first and after the last span on record; null before there is any. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly resolutions: readonly {
    readonly seconds: ResolutionSeconds;
    /** Unix epoch, ms; null: nothing of this length is on record. */
    readonly fromMs: number | null;
    readonly bytes: number;
  }[];
  readonly bytes: number;
  /** Beyond this the oldest is deleted before its time. */
  readonly limitBytes: number;
  /** Spans that nobody recorded since the console started: the database was away too long. */
  readonly lostSeconds: number;
  /** Console that records; null when nobody does. */
  readonly writer: string | null;
}

export const MARKER_KINDS = ["revision", "breaker", "override", "drift", "instance", "gateway"] as const;
export type MarkerKind = (typeof MARKER_KINDS)[number];

/** Something that happened, on the time axis. */
export interface Marker {
  readonly id: string;
  readonly kind: MarkerKind;
  /** Unix epoch, ms. */
  readonly atMs: number;
  /** `checkout->payments opened: 61 % of 214 calls failed`, for people. */
  readonly title: string;
  /** Who did it; empty when nobody did. */
  readonly actor: string;
  readonly tone: "good" | "neutral" | "warn" | "bad";
  /** What it concerns: names of services, and keys of policy such as `routes/checkout`. */
  readonly concerns: readonly string[];
  /** Sequence of its audit entry; null when there is none. */
  readonly auditSequence: number | null;
}

/** Many markers of a long span come as a number per kind and stretch instead. */
export interface MarkerList {
  readonly markers: readonly Marker[];
  /** Further ones, not in `markers`: where, and how many. */
  readonly more: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly kind: MarkerKind;
    readonly count: number;
  }[];
}

/** The whole mesh in one span: what the time axis draws. */
export interface MeshPoint {
  /** Start of the span, Unix epoch, ms. */
  readonly atMs: number;
  /** From outside the mesh. */
  readonly requestsPerSecond: number;
  readonly errorPercent: number;
}

/** The mesh as it was at a moment. */
export interface Moment {
  /** What was asked for, Unix epoch, ms. */
  readonly atMs: number;
  /** The span its figures are averaged over, Unix epoch, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly resolutionSeconds: ResolutionSeconds;
  /** Global revision that was saved by then; null when the audit log does not reach back. */
  readonly revision: number | null;
  readonly topology: Topology;
  /** Seconds of the span of which nothing is on record, though the mesh may have had traffic. */
  readonly missingSeconds: number;
  /** Instances as registered then are known; else only those that answered are drawn. */
  readonly registryKnown: boolean;
}

export const SIGNAL_GROUPINGS = ["total", "caller", "route", "subset", "instance", "service"] as const;
export type SignalGrouping = (typeof SIGNAL_GROUPINGS)[number];

/** What a service's golden signals are asked by. */
export interface SignalsQuery {
  readonly service: string;
  /** Calls to it, or calls that it makes (`service` groups by whom it calls). */
  readonly direction: "in" | "out";
  readonly by: SignalGrouping;
  /** Unix epoch, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** About as many points as there is room for. */
  readonly points: number;
}

export interface SignalPoint {
  /** Start of the span, Unix epoch, ms. */
  readonly atMs: number;
  readonly requestsPerSecond: number;
  readonly errorPercent: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly bytesPerSecond: number;
  readonly inFlight: number;
}

/** A span of which is on record that nobody called. */
export const NO_CALLS: Omit<SignalPoint, "atMs"> = {
  requestsPerSecond: 0,
  errorPercent: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  bytesPerSecond: 0,
  inFlight: 0,
};

export interface Signals {
  readonly stepSeconds: number;
  /** Busiest first; beyond a dozen the rest is one line named "others". A span without a point has nothing on record. */
  readonly lines: readonly { readonly name: string; readonly points: readonly SignalPoint[] }[];
}
