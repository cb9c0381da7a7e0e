import { addWindow, type HeldWindow } from "#control/held-traffic.ts";
import { CallSum, packDetail } from "#db/traffic-detail.ts";
import { writeMesh, type MeshRow } from "#db/traffic-mesh-repository.ts";
import { saveGateways, saveSeries } from "#db/traffic-series-repository.ts";
import { saveThrough, writeSpans, type SpanRow } from "#db/traffic-span-repository.ts";
import type { TrafficStore } from "#db/traffic-store.ts";
import type { ResolutionSeconds } from "#domain/history.ts";
import { addCounts, errorsOf, totalOf } from "#domain/outcome-counts.ts";
import type { EdgeWindow } from "#domain/traffic.ts";
import { ReceivedWindow } from "#telemetry/received-window.ts";
import { testWindow } from "#telemetry/test-window.ts";

/** A mesh of 500 services, each called by four, at 5,000 series: four callers by two or three instances of each. */
const SERVICES = 500;
const CALLERS = 4;
const GATEWAYS = ["gateway-1", "gateway-2"];

/** What one gateway counts in a second. `variant` makes seconds differ. */
function edgesOf(variant: number): EdgeWindow[] {
  const edges: EdgeWindow[] = [];
  for (let service = 0; service < SERVICES; service += 1)
    for (let caller = 0; caller < CALLERS; caller += 1)
      for (let instance = 0; instance < (caller % 2 === 0 ? 3 : 2); instance += 1)
        edges.push(edgeOf(service, caller, instance, variant));
  return edges;
}

function edgeOf(service: number, caller: number, instance: number, variant: number): EdgeWindow {
  const from = (service * 7 + caller * 113) % SERVICES;
  const calls = 5 + ((service + instance + variant) % 11);
  const middle = 70 + (service % 40);
  return {
    caller: from < 20 ? "outside" : `service-${from}`,
    routeId: `route-${service}-${caller}`,
    service: `service-${service}`,
    subset: `version=${1 + (instance % 2)}`,
    instance: `service-${service}-${instance}`,
    asFallback: false,
    counts: { success: calls - 1, ...(variant % 2 === 0 ? { timeout: 1 } : { failure: 1 }) },
    latency: [
      [middle + (variant % 3), 2],
      [middle + 6, 2],
      [middle + 11, calls - 5],
      [middle + 19, 1],
    ],
    bytesOut: calls * 3000,
    inFlight: 3,
  };
}

/** One second of the whole mesh, as it waits for the database. */
export function meshSecond(atMs: number, sequence: number): HeldWindow[] {
  return GATEWAYS.map((gatewayId) => ({
    gatewayId,
    run: "bench",
    sequence,
    atMs,
    told: { gateway: gatewayId, breakers: [] },
    turns: [],
    window: ReceivedWindow.of(
      testWindow(gatewayId, sequence, atMs + 1000, [], { run: "bench", edges: edgesOf(sequence) }),
    ),
  }));
}

/** Spans to fill with, Unix epoch, ms. */
interface Filling {
  readonly resolution: ResolutionSeconds;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Spans of one transaction. */
const AT_ONCE = 60;
const VARIANTS = 5;

/** Fills a database with spans, as recording for so long would leave them, and says how far coarse ones have been made. */
export async function fillHistory(store: TrafficStore, fillings: readonly Filling[]): Promise<void> {
  const templates = await templatesOf(store);
  for (const { resolution, fromMs, toMs } of fillings) {
    const stepMs = resolution * 1000;
    for (let atMs = fromMs; atMs < toMs; atMs += AT_ONCE * stepMs) {
      const spans: SpanRow[] = [];
      const mesh: MeshRow[] = [];
      for (let span = atMs; span < Math.min(toMs, atMs + AT_ONCE * stepMs); span += stepMs) {
        const template = templates[(span / stepMs) % VARIANTS] ?? [];
        for (const row of template) spans.push({ ...row, atMs: span });
        const gateways = GATEWAYS.map((gateway) => ({ gateway, breakers: [] }));
        mesh.push({ resolution, atMs: span, recorded: resolution, requests: 900, errors: 3, gateways });
      }
      await store.write(async (tx) => {
        await writeSpans(tx, resolution, spans);
        await writeMesh(tx, mesh);
      });
    }
    if (resolution !== 1) await store.write((tx) => saveThrough(tx, resolution, toMs));
  }
}

/** Rows of one second of the whole mesh. */
export async function spansOfOneSecond(store: TrafficStore): Promise<SpanRow[]> {
  return (await templatesOf(store))[0] ?? [];
}

/** Rows of one span, in a few variants. */
async function templatesOf(store: TrafficStore): Promise<SpanRow[][]> {
  const names = edgesOf(0);
  const stored = await store.write(async (tx) => ({
    series: await saveSeries(tx, names, new Date()),
    gateways: await saveGateways(tx, GATEWAYS, new Date()),
  }));
  const ids = new Map(stored.series.map(({ id, routeId, instance }) => [`${routeId} ${instance}`, id]));
  const gatewayIds = new Map(stored.gateways.map(({ id, name }) => [name, id]));
  return Array.from({ length: VARIANTS }, (_, variant) => {
    const services = new Map<string, Map<number, CallSum>>();
    for (const held of meshSecond(0, variant + 1))
      addWindow(held, gatewayIds.get(held.gatewayId) ?? 0, ({ key }) => {
        const ofService = services.get(key.service) ?? new Map<number, CallSum>();
        services.set(key.service, ofService);
        const id = ids.get(`${key.routeId} ${key.instance}`) ?? 0;
        const sum = ofService.get(id) ?? new CallSum();
        ofService.set(id, sum);
        return sum;
      });
    return [...services].map(([service, sums]) => spanOf(service, sums));
  });
}

function spanOf(service: string, sums: ReadonlyMap<number, CallSum>): SpanRow {
  const counts = addCounts([...sums.values()].map((sum) => sum.counts));
  const bytes = [...sums.values()].reduce((total, { bytesOut }) => total + bytesOut, 0);
  return { atMs: 0, service, requests: totalOf(counts), errors: errorsOf(counts), bytes, detail: packDetail(sums) };
}
