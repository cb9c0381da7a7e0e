import { z } from "zod";
import { countLogged, readLogged, type LoggedKind, type LoggedMarker, type MarkerSpan } from "#db/marker-repository.ts";
import { countPresence, readPresence, type PresenceRow } from "#db/traffic-presence-repository.ts";
import type { TrafficTx } from "#db/traffic-store.ts";
import { MARKER_KINDS, RESOLUTIONS, type Marker, type MarkerKind, type MarkerList } from "#domain/history.ts";
import { authorityOf } from "#domain/instance.ts";
import { instanceIn } from "./history-presence.ts";
import { turnMarker } from "./instance-turns.ts";

/** More are too many to tell apart on an axis, and to send. */
const MARKERS_MAX = 300;
const STRETCHES = 60;
const LONGEST_MS = Math.max(...RESOLUTIONS.map(({ keptSeconds }) => keptSeconds)) * 1000;

/** Whichever come first are told one by one: what people did before what happened by itself. */
const PRECEDENCE: readonly MarkerKind[] = ["revision", "override", "drift", "gateway", "breaker", "instance"];

interface Stretch {
  readonly stretch: number;
  readonly kind: MarkerKind;
  readonly count: number;
}

/** What happened after `fromMs` and up to `toMs` (Unix epoch), oldest first; of kinds with very many only how many, where. */
export async function readMarkers(tx: TrafficTx, span: MarkerSpan): Promise<MarkerList> {
  const { toMs } = span;
  const fromMs = Math.max(span.fromMs, toMs - LONGEST_MS);
  if (fromMs >= toMs) return { markers: [], more: [] };
  const stretchMs = Math.max(1000, Math.ceil((toMs - fromMs) / STRETCHES / 1000) * 1000);
  const counted: Stretch[] = [
    ...(await countLogged(tx, { fromMs, toMs }, stretchMs)),
    ...(await countPresence(tx, { fromMs, toMs, stretchMs })),
  ];
  const singly = kindsToldSingly(counted);
  const logged = await readLogged(
    tx,
    { fromMs, toMs },
    LOGGED.filter((kind) => singly.has(kind)),
    MARKERS_MAX,
  );
  const present = await presenceMarkers(tx, { fromMs, toMs }, singly);
  return {
    markers: [...logged.map(loggedMarker), ...present].toSorted((a, b) => a.atMs - b.atMs),
    more: counted
      .filter(({ kind }) => !singly.has(kind))
      .map(({ stretch, kind, count }) => ({
        kind,
        count,
        fromMs: Math.max(fromMs, stretch * stretchMs),
        toMs: Math.min(toMs, (stretch + 1) * stretchMs),
      }))
      .toSorted((a, b) => a.fromMs - b.fromMs),
  };
}

const LOGGED: readonly LoggedKind[] = ["revision", "breaker", "override", "drift"];

function kindsToldSingly(counted: readonly Stretch[]): ReadonlySet<MarkerKind> {
  const singly = new Set<MarkerKind>(MARKER_KINDS.filter((kind) => !counted.some((one) => one.kind === kind)));
  let left = MARKERS_MAX;
  for (const kind of PRECEDENCE) {
    const count = counted.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.count, 0);
    if (count > left) continue;
    singly.add(kind);
    left -= count;
  }
  return singly;
}

const TONES: Readonly<Record<string, Marker["tone"]>> = {
  "override.set": "warn",
  "override.extend": "warn",
  "drift.detect": "bad",
  "drift.repair": "good",
  "drift.restore": "good",
};
const STATE_TONES: Readonly<Record<string, Marker["tone"]>> = { open: "bad", "half-open": "warn", closed: "good" };

const Transition = z.object({ state: z.string(), atMs: z.number() });

function loggedMarker(entry: LoggedMarker): Marker {
  const { kind, sequence, action, target, summary, actorKind, actorName } = entry;
  const transition = kind === "breaker" ? Transition.safeParse(entry.after).data : undefined;
  return {
    id: `audit:${sequence}`,
    kind,
    // A transition is on record some seconds after it happened.
    atMs: transition?.atMs ?? entry.atMs,
    title: transition === undefined ? summary : transitionTitle(summary),
    actor: actorKind === "person" ? actorName : "",
    tone: (transition === undefined ? TONES[action] : STATE_TONES[transition.state]) ?? "neutral",
    concerns: [...new Set([target, ...servicesIn(target), ...servicesIn(entry.before), ...servicesIn(entry.after)])],
    auditSequence: sequence,
  };
}

const VERBS: Readonly<Record<string, string>> = { open: "opened", "half-open": "half-opened", closed: "closed" };

/** `payments went from closed to open: …` in fewer words. */
function transitionTitle(summary: string): string {
  return summary.replace(/ went from \S+ to (open|half-open|closed):/, (_, to: string) => ` ${VERBS[to] ?? to}:`);
}

const NamesServices = z.object({
  target: z.object({ service: z.string() }).optional().catch(undefined),
  destinations: z
    .array(z.object({ service: z.string() }))
    .catch([])
    .default([]),
});

/** Services that a policy's key or its spec names. */
function servicesIn(value: unknown): string[] {
  if (typeof value === "string") {
    const [, service, command] = /^breakers\/(?:service:([^:]+)|command:[^:]+:([^:]+))$/.exec(value) ?? [];
    const [, ofPolicy] = /^services\/(.+)$/.exec(value) ?? [];
    return [service, command, ofPolicy].flatMap((name) => name ?? []);
  }
  const spec = NamesServices.safeParse(value);
  if (!spec.success) return [];
  return [...(spec.data.target === undefined ? [] : [spec.data.target]), ...spec.data.destinations].map(
    ({ service }) => service,
  );
}

async function presenceMarkers(tx: TrafficTx, span: MarkerSpan, singly: ReadonlySet<MarkerKind>): Promise<Marker[]> {
  if (!singly.has("instance") && !singly.has("gateway")) return [];
  const kinds = (["instance", "turn", "gateway"] as const).filter((kind) =>
    singly.has(kind === "turn" ? "instance" : kind),
  );
  const rows = await readPresence(tx, { ...span, kinds, limit: MARKERS_MAX });
  return Promise.all(rows.map(async (row) => turnMarker(row) ?? presenceMarker(row)));
}

async function presenceMarker(row: PresenceRow): Promise<Marker> {
  const { kind, event, service, name, atMs } = row;
  const isGateway = kind === "gateway";
  const instance = isGateway ? null : await instanceIn(row);
  const place = instance === null ? "" : ` (${authorityOf(instance)}${instance.serving ? "" : ", not serving"})`;
  return {
    id: `${kind}:${service}:${name}:${event}:${atMs}`,
    kind: isGateway ? "gateway" : "instance",
    atMs,
    title: isGateway ? `Gateway ${name} ${event}` : `Instance ${name} of ${service} ${event}${place}`,
    actor: "",
    tone: event === "came" ? "good" : event === "left" ? (isGateway ? "bad" : "warn") : "neutral",
    concerns: isGateway ? [] : [service],
    auditSequence: null,
  };
}
