import { CallSum } from "#db/traffic-detail.ts";
import { readCalledServices, readSeriesOf, type SeriesName } from "#db/traffic-series-repository.ts";
import { NO_CALLS, type SignalGrouping, type SignalPoint, type Signals, type SignalsQuery } from "#domain/history.ts";
import { percentileMs } from "#domain/histogram.ts";
import { errorRatioOf, totalOf } from "#domain/outcome-counts.ts";
import { meshSteps, type StepSum } from "./history-mesh-points.ts";
import { addParts, partsOf, rangesOf, type HistoryView, type Parts } from "./history-spans.ts";
import { stretchOf } from "./history-steps.ts";

/** Lines of a chart; the rest is one more. */
const LINES_MAX = 12;
const OTHERS = "others";

/** Calls to a service, or by it, over time. Steps with nothing on record have no point; those without calls have one of zeros. */
export async function readSignals(view: HistoryView, query: SignalsQuery, nowMs: number): Promise<Signals> {
  const stretch = await stretchOf(view, query);
  const stepMs = stretch.stepSeconds * 1000;
  const steps = await meshSteps(view, stretch);
  const services = await servicesOf(view, query);
  const names = await wantedSeries(view, query, services, nowMs);
  const parts = await partsOf(view, rangesOf(view, stretch.resolution, stretch.fromMs, stretch.toMs), services);
  const lineOf = await linesOf(view, parts, names, query.by);
  const sums = new Map<string, Map<number, CallSum>>([...new Set(lineOf.values())].map((line) => [line, new Map()]));
  await addParts(view, parts, (key, atMs) => {
    const inLine = sums.get(lineOf.get(key) ?? "");
    if (inLine === undefined || !lineOf.has(key)) return null;
    const step = Math.floor(atMs / stepMs) * stepMs;
    const sum = inLine.get(step) ?? new CallSum();
    inLine.set(step, sum);
    return sum;
  });
  return {
    stepSeconds: stretch.stepSeconds,
    lines: [...sums].map(([name, ofLine]) => ({ name, points: pointsOf(steps, ofLine) })),
  };
}

/** Whose calls are read: a caller's are kept with those it calls, some of which only memory knows yet. */
async function servicesOf({ tx, book }: HistoryView, { service, direction }: SignalsQuery): Promise<string[]> {
  if (direction === "in") return [service];
  const lately = [...book.keysOf(({ caller }) => caller === service).values()].map((name) => name.service);
  return [...new Set([...(await readCalledServices(tx, service)), ...lately])];
}

/** Series that are asked of, by their keys. */
async function wantedSeries(
  view: HistoryView,
  { service, direction }: SignalsQuery,
  services: readonly string[],
  nowMs: number,
): Promise<Map<number, SeriesName>> {
  view.book.learn(await readSeriesOf(view.tx, services), nowMs, 0);
  const wanted = (name: SeriesName): boolean => (direction === "in" ? name.service : name.caller) === service;
  return view.book.keysOf(wanted);
}

const GROUPS: Readonly<Record<SignalGrouping, (name: SeriesName) => string>> = {
  total: () => "total",
  caller: ({ caller }) => caller,
  route: ({ routeId }) => routeId,
  subset: ({ subset }) => subset,
  instance: ({ instance }) => instance,
  service: ({ service }) => service,
};

/** Which line each series is in, busiest lines first. */
async function linesOf(
  view: HistoryView,
  parts: Parts,
  names: ReadonlyMap<number, SeriesName>,
  by: SignalGrouping,
): Promise<Map<number, string>> {
  if (by === "total") return new Map([...names.keys()].map((key) => [key, "total"]));
  const group = GROUPS[by];
  const sums = new Map<string, CallSum>();
  const seen = new Set<number>();
  await addParts(view, parts, (key) => {
    const name = names.get(key);
    if (name === undefined) return null;
    seen.add(key);
    const line = group(name);
    const sum = sums.get(line) ?? new CallSum();
    sums.set(line, sum);
    return sum;
  });
  const ordered = [...sums].toSorted(([, a], [, b]) => totalOf(b.counts) - totalOf(a.counts)).map(([line]) => line);
  const shown = ordered.length > LINES_MAX + 1 ? ordered.slice(0, LINES_MAX) : ordered;
  const rank = new Map(shown.map((line, at) => [line, at]));
  const placed = [...seen].flatMap((key): [number, string][] => {
    const name = names.get(key);
    if (name === undefined) return [];
    const line = group(name);
    return [[key, rank.has(line) ? line : OTHERS]];
  });
  return new Map(placed.toSorted(([, a], [, b]) => (rank.get(a) ?? LINES_MAX) - (rank.get(b) ?? LINES_MAX)));
}

function pointsOf(steps: ReadonlyMap<number, StepSum>, sums: ReadonlyMap<number, CallSum>): SignalPoint[] {
  return [...steps].map(([atMs, { recorded }]) => {
    const sum = sums.get(atMs);
    if (sum === undefined) return { atMs, ...NO_CALLS };
    const { counts, latency } = sum;
    return {
      atMs,
      requestsPerSecond: totalOf(counts) / recorded,
      errorPercent: errorRatioOf(counts) * 100,
      p50Ms: percentileMs(latency, 50),
      p95Ms: percentileMs(latency, 95),
      p99Ms: percentileMs(latency, 99),
      bytesPerSecond: sum.bytesOut / recorded,
      inFlight: sum.inFlight,
    };
  });
}
