import type { PolicyView } from "#control/policy-view.ts";
import type { SyncStatus } from "#domain/live.ts";
import { isOtherHistory, type Halt } from "#domain/publishing.ts";
import type { Election } from "#zookeeper/election.ts";
import type { Publisher } from "#zookeeper/policy-publisher.ts";

/** What knows how publishing goes. */
export interface SyncParts {
  readonly view: Pick<PolicyView, "current" | "publishing">;
  readonly publisher: Pick<Publisher, "status">;
  readonly election: Pick<Election, "isLeader" | "leader">;
}

/** What a person has to choose before publishing goes on; null when nothing, as far as this console knows. */
export function haltOf({ view, publisher, election }: SyncParts): Halt | null {
  return election.isLeader() ? publisher.status().halt : (view.publishing().report?.halt ?? null);
}

/** How far policy has travelled: by our own publisher where we lead, else by what the one that publishes has on record. */
export function syncStatus(parts: SyncParts): SyncStatus {
  const { view, publisher, election } = parts;
  const { incarnation, revision } = view.current();
  const { driftMode, openDrift, ignoredDrift, propagation, report } = view.publishing();
  const own = publisher.status();
  const { blocked, lastFullPass } = election.isLeader() ? own : (report ?? own);
  const halt = haltOf(parts);
  // The head of another database, or one that is ahead of ours, says nothing of what was saved here.
  const isOurs = !isOtherHistory(halt) && own.publishedBy === incarnation;
  return {
    incarnation,
    savedRevision: revision,
    publishedRevision: isOurs ? own.publishedRevision : null,
    leader: election.leader(),
    halted: halt?.reason ?? "",
    halt,
    blocked,
    lastFullPass,
    driftMode,
    openDrift,
    ignoredDrift,
    propagation,
  };
}
