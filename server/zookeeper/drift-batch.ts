import type { FoundDrift, PublishPlan } from "./plan-publish.ts";

/** Findings put on record in one pass. */
const FINDINGS_MAX = 200;

/** The same for the same bytes of the same node, with which the same is done. */
export function findingId({ key, foundHash, action }: FoundDrift): string {
  return `${key} ${foundHash} ${action}`;
}

/**
 * What of a plan is carried out now: findings not on record take a transaction each, and where somebody deleted a folder of
 * thousands, edits must not wait for all of them. What is put off is drift still in the next pass; what was edited since
 * `published`, the head's revision, is never put off, because the head is going to say that it is there.
 */
export function firstDrift(
  plan: PublishPlan,
  isOnRecord: (id: string) => boolean,
  published: number,
): { readonly now: PublishPlan; readonly isMore: boolean } {
  const unknown = plan.drift.filter((drift) => !isOnRecord(findingId(drift)));
  if (unknown.length <= FINDINGS_MAX) return { now: plan, isMore: false };
  const edited = new Set(
    plan.writes.filter(({ document }) => document.revision > published).map(({ document }) => document.key),
  );
  const putOff = new Set(
    unknown
      .slice(FINDINGS_MAX)
      .map(({ key }) => key)
      .filter((key) => key !== "head" && !edited.has(key)),
  );
  const now = {
    ...plan,
    drift: plan.drift.filter(({ key }) => !putOff.has(key)),
    writes: plan.writes.filter(({ document }) => !putOff.has(document.key)),
  };
  return { now, isMore: putOff.size > 0 };
}
