import type { Client } from "pg";
import { addDetail, CallSum } from "#db/traffic-detail.ts";
import { mergeHistograms, type SparseHistogram } from "#domain/histogram.ts";
import type { ResolutionSeconds } from "#domain/history.ts";
import { addCounts, errorsOf, totalOf, type OutcomeCounts } from "#domain/outcome-counts.ts";
import { testEdge } from "#domain/test-edge.ts";
import type { EdgeWindow, TrafficWindow } from "#domain/traffic.ts";
import { ReceivedWindow } from "#telemetry/received-window.ts";
import { windowOf } from "./recorded-window.ts";

/** A call from outside to the storefront, but for what is given. */
export function edgeOf(given: Partial<EdgeWindow> = {}): EdgeWindow {
  return testEdge({ counts: { success: 1 }, latency: [[80, 1]], bytesOut: 100, ...given });
}

/** A gateway's window of the second that began at `atMs`. */
export function secondOf(
  atMs: number,
  sequence: number,
  edges: readonly EdgeWindow[],
  given: Partial<TrafficWindow> = {},
): ReceivedWindow {
  return ReceivedWindow.of(
    windowOf({ gatewayId: "gw-1", run: "r1", sequence, endMs: atMs + 1000, edges: [...edges], ...given }),
  );
}

/** The `n`-th second of a gateway whose traffic is always the same: what a killed process was told, the next is told again. */
export function repeatableSecond(startMs: number, n: number): ReceivedWindow {
  const instance = `i${n % 3}`;
  return secondOf(startMs + (n - 1) * 1000, n, [
    edgeOf({ instance, counts: { success: n, failure: n % 5 }, latency: [[80, n + (n % 5)]], bytesOut: n * 10 }),
    edgeOf({ caller: "storefront", routeId: "stock", service: "catalog", instance: "c1" }),
  ]);
}

/** What flowed in one series. */
export interface SeriesTotal {
  readonly counts: OutcomeCounts;
  readonly latency: SparseHistogram;
  readonly bytesOut: number;
}

/** By `caller>service/instance`. */
export type Totals = Readonly<Record<string, SeriesTotal>>;

/** What windows say in all. */
export function totalsSent(windows: readonly TrafficWindow[]): Totals {
  const edges = Map.groupBy(
    windows.flatMap((window) => window.edges),
    ({ caller, service, instance }) => `${caller}>${service}/${instance}`,
  );
  return Object.fromEntries(
    [...edges].map(([name, ofSeries]) => [
      name,
      {
        counts: addCounts(ofSeries.map(({ counts }) => counts)),
        latency: mergeHistograms(ofSeries.map(({ latency }) => latency)),
        bytesOut: ofSeries.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
      },
    ]),
  );
}

/** What is on record in spans of a length, from its packed details. Throws when the plain columns say otherwise. */
export async function totalsOnRecord(client: Client, resolution: ResolutionSeconds): Promise<Totals> {
  const names = await client.query<{ id: number; name: string }>(
    `SELECT id, caller || '>' || service || '/' || instance AS name FROM traffic.series`,
  );
  const nameOf = new Map(names.rows.map(({ id, name }) => [id, name]));
  const { rows } = await client.query<{ requests: number; errors: number; bytes: number; detail: Buffer }>(
    `SELECT requests::float8, errors::float8, bytes::float8, detail FROM traffic.span_${resolution} ORDER BY at`,
  );
  const sums = new Map<string, CallSum>();
  for (const { detail, ...columns } of rows) {
    const own = new CallSum();
    const sumOf = (id: number): CallSum => {
      const name = nameOf.get(id) ?? `unknown ${id}`;
      const sum = sums.get(name) ?? new CallSum();
      sums.set(name, sum);
      return sum;
    };
    if (
      !addDetail(
        detail,
        0,
        () => own,
        (id) => id,
      )
    )
      throw new Error("A detail cannot be read");
    const inDetail = { requests: totalOf(own.counts), errors: errorsOf(own.counts), bytes: own.bytesOut };
    if (JSON.stringify(inDetail) !== JSON.stringify(columns)) throw new Error("Columns differ from the detail");
    addDetail(detail, 0, sumOf, (id) => id);
  }
  return Object.fromEntries(
    [...sums].map(([name, { counts, latency, bytesOut }]) => [name, { counts, latency, bytesOut }]),
  );
}
