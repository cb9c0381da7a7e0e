import type { PolicyRow } from "#domain/policy.ts";

/** A list of objects with one of them as it was just saved: what the console will answer when it is asked again. */
export function upsertRow<Spec>(
  rows: readonly PolicyRow<Spec>[] | undefined,
  saved: PolicyRow<Spec>,
): PolicyRow<Spec>[] | undefined {
  return rows === undefined ? undefined : [...rows.filter(({ id }) => id !== saved.id), saved];
}
