import { CallSum } from "#db/traffic-detail.ts";
import { readMeshRows, type GatewayTold, type MeshRow } from "#db/traffic-mesh-repository.ts";
import type { EdgeTotals } from "#domain/edge-totals.ts";
import { MeshError } from "#domain/errors.ts";
import type { HealthPolicySpec } from "#domain/health-policy.ts";
import { RESOLUTIONS, type Moment, type ResolutionSeconds } from "#domain/history.ts";
import { buildTopology } from "#domain/topology-build.ts";
import { pastBreakers } from "./history-breakers.ts";
import { readPastPolicies } from "./history-policy.ts";
import { readPastRegistry } from "./history-registry.ts";
import { addParts, namesOf, readParts, type HistoryView } from "./history-spans.ts";

/** What the live picture averages over too, ms. */
const WINDOW_MS = 10_000;

/** A span that tells of a moment. Unix epoch, ms. */
interface Span {
  readonly resolution: ResolutionSeconds;
  readonly fromMs: number;
  readonly toMs: number;
  readonly mesh: readonly MeshRow[];
  /** Seconds of it on record. */
  readonly recorded: number;
}

/** The mesh as it was at `atMs` (Unix epoch), judged by `health`. @throws MeshError NOT_RECORDED. */
export async function readMoment(view: HistoryView, atMs: number, health: HealthPolicySpec): Promise<Moment> {
  const span = await spanAt(view, atMs);
  if (span === null) throw new MeshError("NOT_RECORDED");
  const { fromMs, toMs, resolution, recorded } = span;
  const calls = await callsIn(view, span);
  const policies = await readPastPolicies(view.tx, atMs);
  const registry = await readPastRegistry(view.tx, atMs);
  const topology = buildTopology({
    calls,
    // Of a span that is on record in part the rates are those of that part.
    windowMs: recorded * 1000,
    breakers: pastBreakers(calls, lastTold(view, span), policies, atMs),
    registry: registry.picture,
    routes: policies.routes,
    policies: policies.breakerPolicies,
    health,
  });
  return {
    atMs,
    fromMs,
    toMs,
    resolutionSeconds: resolution,
    revision: policies.revision,
    topology,
    missingSeconds: (toMs - fromMs) / 1000 - recorded,
    registryKnown: registry.isKnown,
  };
}

/** The finest span that has all of the moment on record; else that which has most. */
async function spanAt(view: HistoryView, atMs: number): Promise<Span | null> {
  let best: Span | null = null;
  for (const { seconds } of RESOLUTIONS) {
    const span = await spanOf(view, seconds, atMs);
    if (span.recorded > (best?.recorded ?? 0)) best = span;
    if (best !== null && best.recorded * 1000 >= Math.min(WINDOW_MS, best.toMs - best.fromMs)) return best;
  }
  return best;
}

async function spanOf(view: HistoryView, resolution: ResolutionSeconds, atMs: number): Promise<Span> {
  const lengthMs = Math.max(resolution * 1000, WINDOW_MS);
  const unitMs = resolution * 1000;
  const toMs = resolution === 1 ? Math.floor(atMs / 1000) * 1000 : Math.floor(atMs / unitMs) * unitMs + unitMs;
  const fromMs = toMs - lengthMs;
  const mesh = await readMeshRows(view.tx, resolution, fromMs, toMs);
  const held = heldIn(view, { resolution, fromMs, toMs });
  const seconds = new Set([...mesh, ...held].map((part) => part.atMs)).size;
  const told = mesh.reduce((sum, { recorded }) => sum + recorded, 0);
  return { resolution, fromMs, toMs, mesh, recorded: Math.min(lengthMs / 1000, resolution === 1 ? seconds : told) };
}

/** What only memory knows is second by second; coarse spans are older than that, but for windows out of a buffer. */
function heldIn(
  { held }: HistoryView,
  { fromMs, toMs }: Pick<Span, "resolution" | "fromMs" | "toMs">,
): HistoryView["held"] {
  return held.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
}

async function callsIn(view: HistoryView, span: Span): Promise<EdgeTotals[]> {
  const sums = new Map<number, CallSum>();
  await addParts(view, await readParts(view, [span], null), (key) => {
    const sum = sums.get(key) ?? new CallSum();
    sums.set(key, sum);
    return sum;
  });
  const names = await namesOf(view, sums.keys(), span.toMs);
  return [...sums].flatMap(([key, sum]) => {
    const name = names.get(key);
    if (name === undefined) return [];
    const { counts, latency, bytesOut, inFlight } = sum;
    const gateways = [...sum.gateways].map(([number, share]) => ({
      gatewayId: view.book.gateways.nameOf(number),
      ...share,
    }));
    return [{ ...name, counts, latency, bytesOut, inFlight, gateways }];
  });
}

/** What each gateway told last within the span. */
function lastTold(view: HistoryView, span: Span): GatewayTold[] {
  const stored = span.mesh.flatMap(({ gateways }) => gateways);
  const held = heldIn(view, span).map(({ told }) => told);
  return [...new Map([...stored, ...held].map((told) => [told.gateway, told])).values()];
}
