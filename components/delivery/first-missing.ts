import type { EditDelivery } from "#domain/publishing.ts";

/** When an edit was saved and published, as the list of the latest edits has it. */
export type TimedEdit = Pick<EditDelivery, "revision" | "savedAtMs" | "publishedAtMs">;

/**
 * The first edit after a revision; null when there is none, or when it is older than the edits at hand and nobody can say
 * when it was. `edits` are the latest ones, in any order, without gaps.
 */
export function firstEditAfter(revision: number, edits: readonly TimedEdit[]): TimedEdit | null {
  return edits.find((edit) => edit.revision === revision + 1) ?? null;
}

/** Since when a gateway lacks what is published, Unix epoch ms: until then it had all there was. Null when not known. */
export function behindSinceMs(revision: number | null, edits: readonly TimedEdit[]): number | null {
  return revision === null ? null : (firstEditAfter(revision, edits)?.publishedAtMs ?? null);
}
