import type { PolicyView } from "#control/policy-view.ts";
import type { SyncStatus } from "#domain/live.ts";
import type { Election } from "#zookeeper/election.ts";
import type { Publisher } from "#zookeeper/policy-publisher.ts";

/** How far policy has travelled: by our own publisher where we lead, else by what the one that publishes has on record. */
export function syncStatus(parts: {
  readonly view: Pick<PolicyView, "current" | "publishing">;
  readonly publisher: Pick<Publisher, "status">;
  readonly election: Pick<Election, "isLeader" | "leader">;
}): SyncStatus {
  const { view, publisher, election } = parts;
  const { incarnation, revision } = view.current();
  const { driftMode, openDrift, propagation, report } = view.publishing();
  const own = publisher.status();
  const { halt, blocked, lastFullPass } = election.isLeader() ? own : (report ?? own);
  return {
    incarnation,
    savedRevision: revision,
    publishedRevision: own.publishedRevision,
    leader: election.leader(),
    halted: halt?.reason ?? "",
    halt,
    blocked,
    lastFullPass,
    driftMode,
    openDrift,
    propagation,
  };
}
