import type { KeptSide } from "#domain/publishing.ts";
import type { ShownSurvey } from "./shown-survey.ts";

/** What keeping one side does to the other. */
export interface ChoiceEffects {
  /** Objects that only the kept side has: they are added. */
  readonly added: readonly string[];
  /** Objects that both have, each in its own way: the kept side's value wins. */
  readonly replaced: readonly string[];
  /** Objects that only the other side has. */
  readonly removed: readonly string[];
  /** Objects that differ and are not among those listed. */
  readonly unlisted: number;
}

export function choiceEffects(survey: ShownSurvey, keep: KeptSide): ChoiceEffects {
  const added: string[] = [];
  const replaced: string[] = [];
  const removed: string[] = [];
  for (const { key, mesh, database } of survey.differences) {
    const [kept, other] = keep === "database" ? [database, mesh] : [mesh, database];
    if (other === null || other === undefined) added.push(key);
    else if (kept === null || kept === undefined) removed.push(key);
    else replaced.push(key);
  }
  return { added, replaced, removed, unlisted: Math.max(0, survey.total - survey.differences.length) };
}
