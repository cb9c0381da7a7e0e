import { firstMeshSpan } from "#db/traffic-mesh-repository.ts";
import { RESOLUTIONS, type ResolutionSeconds } from "#domain/history.ts";
import type { HistoryView } from "./history-spans.ts";

/** How a stretch of time is read: in steps, each made of spans of one length or finer. Unix epoch, ms. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
  readonly resolution: ResolutionSeconds;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Steps begin at round times. */
const STEPS = [1, 2, 5, 10, 20, 30].concat(
  [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  [1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
);
const LONGEST_SECONDS = Math.max(...RESOLUTIONS.map(({ keptSeconds }) => keptSeconds)) + 24 * HOUR;
const COARSEST_MS = Math.max(...RESOLUTIONS.map(({ seconds }) => seconds)) * 1000;

/** The shortest steps of which about `points` make up the time, and that all of it is on record in. */
export async function stretchOf(
  view: HistoryView,
  { fromMs, toMs, points }: { readonly fromMs: number; readonly toMs: number; readonly points: number },
): Promise<Stretch> {
  const sinceMs = Math.max(fromMs, toMs - LONGEST_SECONDS * 1000);
  const reach = await reaches(view);
  // What no spans reach is not asked of any.
  // The first span of a length began at a round time: it reaches no further back than finer ones that lie in it.
  const oldestMs = Math.max(sinceMs, Math.min(...reach.map((one) => one.fromMs + one.seconds * 1000)));
  // Coarse spans begin at round times, up to one of them before what the finer ones hold of the same traffic.
  const covering = reach.filter((one) => Math.floor(one.fromMs / COARSEST_MS) * COARSEST_MS <= oldestMs);
  const finest = covering[0]?.seconds ?? 1;
  const least = Math.max(finest, (toMs - sinceMs) / 1000 / points);
  const stepSeconds = STEPS.find((step) => step >= least) ?? 24 * HOUR;
  const resolution = covering.findLast(({ seconds }) => stepSeconds % seconds === 0)?.seconds ?? finest;
  return { fromMs: Math.floor(sinceMs / 1000 / stepSeconds) * stepSeconds * 1000, toMs, stepSeconds, resolution };
}

/** How far back spans of each length go, finest first; as those of a length that are not made yet, finer ones are read. */
async function reaches({ tx }: HistoryView): Promise<{ seconds: ResolutionSeconds; fromMs: number }[]> {
  const reach: { seconds: ResolutionSeconds; fromMs: number }[] = [];
  for (const { seconds } of RESOLUTIONS) {
    const fromMs = (await firstMeshSpan(tx, seconds, 0)) ?? reach.at(-1)?.fromMs ?? Number.POSITIVE_INFINITY;
    reach.push({ seconds, fromMs });
  }
  return reach;
}
