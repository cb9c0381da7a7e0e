import { lastMeshSpan, readMeshSums } from "#db/traffic-mesh-repository.ts";
import type { MeshPoint } from "#domain/history.ts";
import { addUp, outsideCalls } from "./record-traffic.ts";
import { rangesOf, type HistoryView } from "./history-spans.ts";
import { stretchOf, type Stretch } from "./history-steps.ts";

/** What the mesh did in a step. */
export interface StepSum {
  /** Seconds on record. */
  recorded: number;
  requests: number;
  errors: number;
}

/** The mesh as a whole over time; rates are over the seconds on record. */
export async function readMeshPoints(
  view: HistoryView,
  asked: { readonly fromMs: number; readonly toMs: number; readonly points: number },
): Promise<MeshPoint[]> {
  const stretch = await stretchOf(view, asked);
  const sums = await meshSteps(view, stretch);
  return [...sums].map(([atMs, { recorded, requests, errors }]) => ({
    atMs,
    requestsPerSecond: requests / recorded,
    errorPercent: requests === 0 ? 0 : (errors / requests) * 100,
  }));
}

/** Steps on record, by their start, oldest first. */
export async function meshSteps(view: HistoryView, stretch: Stretch): Promise<Map<number, StepSum>> {
  const { fromMs, toMs, stepSeconds, resolution } = stretch;
  const steps = new Map<number, StepSum>();
  const stepOf = (atMs: number): StepSum => {
    const start = Math.floor(atMs / (stepSeconds * 1000)) * stepSeconds * 1000;
    const known = steps.get(start);
    if (known !== undefined) return known;
    const step = { recorded: 0, requests: 0, errors: 0 };
    steps.set(start, step);
    return step;
  };
  for (const range of rangesOf(view, resolution, fromMs, toMs))
    for (const { atMs, recorded, requests, errors } of await readMeshSums(view.tx, range, stepSeconds)) {
      const step = stepOf(atMs);
      step.recorded += recorded;
      step.requests += requests;
      step.errors += errors;
    }
  for (const { atMs, requests, errors, isNew } of await heldSeconds(view, fromMs, toMs)) {
    const step = stepOf(atMs);
    step.recorded += isNew ? 1 : 0;
    step.requests += requests;
    step.errors += errors;
  }
  for (const step of steps.values()) step.recorded = Math.min(stepSeconds, Math.max(1, step.recorded));
  return new Map([...steps].toSorted(([a], [b]) => a - b));
}

/** Seconds that are only in memory. Those up to the latest on record are late parts of what is told of already. */
async function heldSeconds({ tx, held, book }: HistoryView, fromMs: number, toMs: number) {
  const latestMs = (await lastMeshSpan(tx, 1)) ?? 0;
  const inTime = held.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  return [...Map.groupBy(inTime, ({ atMs }) => atMs)].map(([atMs, windows]) => ({
    atMs,
    ...outsideCalls(addUp(windows, book, atMs), book),
    isNew: atMs > latestMs,
  }));
}
