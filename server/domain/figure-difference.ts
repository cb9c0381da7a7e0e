/** How an element of the mesh differs from an earlier moment. */
export type Change = "added" | "gone" | "worse" | "better" | "more" | "less";

/**
 * From where on a figure has changed. Figures are averages of a short span, so that they differ from one second to the
 * next though nothing happened: a change is beyond `deviations` standard deviations of counting as well.
 */
export const DIFFERENCE_THRESHOLDS = {
  /** Of requests: this share of the larger rate, and so many per second. */
  rateShare: 0.2,
  ratePerSecond: 0.5,
  /** Of the share of errors, and of the share that goes to a subset, percentage points. */
  errorPoints: 1,
  splitPoints: 5,
  /** Of the latency: this share of the larger one, and so many ms, of so many calls at both moments. */
  p95Share: 0.25,
  p95Ms: 5,
  p95Calls: 20,
  deviations: 3,
} as const;

export interface FigureDifference {
  readonly before: number | null;
  readonly after: number | null;
  /** True beyond DIFFERENCE_THRESHOLDS. */
  readonly changed: boolean;
}

export interface Figures {
  readonly requestsPerSecond: FigureDifference;
  readonly errorRatio: FigureDifference;
  readonly p95Ms: FigureDifference;
}

/** What was measured at one of the two moments. */
export interface Measured {
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms: number | null;
  /** Span that it is the average of, s. */
  readonly seconds: number;
}

/** Null stands for an element that was not there. Without calls there is no share of them that failed. */
export function figuresBetween(before: Measured | null, after: Measured | null): Figures {
  const rate = { before: before?.requestsPerSecond ?? null, after: after?.requestsPerSecond ?? null };
  const errors = { before: errorsOf(before), after: errorsOf(after) };
  const p95 = { before: before?.p95Ms ?? null, after: after?.p95Ms ?? null };
  return {
    requestsPerSecond: { ...rate, changed: isRateChange(before, after) },
    errorRatio: {
      ...errors,
      changed:
        errors.before !== null &&
        errors.after !== null &&
        isShareChange(
          { share: errors.before, of: callsOf(before) },
          { share: errors.after, of: callsOf(after) },
          DIFFERENCE_THRESHOLDS.errorPoints,
        ),
    },
    p95Ms: {
      ...p95,
      changed:
        p95.before !== null &&
        p95.after !== null &&
        Math.min(callsOf(before), callsOf(after)) >= DIFFERENCE_THRESHOLDS.p95Calls &&
        isStep(p95.before, p95.after, DIFFERENCE_THRESHOLDS.p95Share, DIFFERENCE_THRESHOLDS.p95Ms),
    },
  };
}

/** Worse when anything is worse, whatever else got better. `hindrance`: how much more a breaker keeps calls away. */
export function changeOf(figures: Figures, hindrance: number): Change | null {
  const qualities = [figures.errorRatio, figures.p95Ms].map((figure) => (figure.changed ? rise(figure) : 0));
  if ([hindrance, ...qualities].some((step) => step > 0)) return "worse";
  if ([hindrance, ...qualities].some((step) => step < 0)) return "better";
  if (!figures.requestsPerSecond.changed) return null;
  return rise(figures.requestsPerSecond) > 0 ? "more" : "less";
}

/** By how much a figure is larger than it was; nothing counts as 0. */
export function rise({ before, after }: FigureDifference): number {
  return (after ?? 0) - (before ?? 0);
}

/** A share, and the number of calls that it is a share of. */
export interface CountedShare {
  readonly share: number;
  readonly of: number;
}

/** True when two shares (0 … 1) are at least `points` percentage points apart, and further than counting explains. */
export function isShareChange(before: CountedShare, after: CountedShare, points: number): boolean {
  if (before.of <= 0 || after.of <= 0) return false;
  const apart = Math.abs(after.share - before.share);
  const deviation = Math.sqrt(varianceOf(before) + varianceOf(after));
  return apart * 100 >= points && apart > DIFFERENCE_THRESHOLDS.deviations * deviation;
}

/**
 * Of a share that was counted: by Agresti and Coull, with two successes and two failures added. The plain p(1-p)/n would
 * take one call out of one for a certainty.
 */
function varianceOf({ share, of }: CountedShare): number {
  const calls = of + 4;
  const middle = (share * of + 2) / calls;
  return (middle * (1 - middle)) / calls;
}

/** Requests come one by one: so many in a span vary by their square root. */
function isRateChange(before: Measured | null, after: Measured | null): boolean {
  const was = before?.requestsPerSecond ?? 0;
  const is = after?.requestsPerSecond ?? 0;
  const { rateShare, ratePerSecond, deviations } = DIFFERENCE_THRESHOLDS;
  const deviation = Math.sqrt(was / (before?.seconds ?? 1) + is / (after?.seconds ?? 1));
  return isStep(was, is, rateShare, ratePerSecond) && Math.abs(is - was) > deviations * deviation;
}

function isStep(before: number, after: number, share: number, least: number): boolean {
  const step = Math.abs(after - before);
  return step >= least && step >= share * Math.max(before, after);
}

function callsOf(measured: Measured | null): number {
  return measured === null ? 0 : measured.requestsPerSecond * measured.seconds;
}

function errorsOf(measured: Measured | null): number | null {
  return measured !== null && measured.requestsPerSecond > 0 ? measured.errorRatio : null;
}
