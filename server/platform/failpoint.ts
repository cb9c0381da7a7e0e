/** Places where a test can have a process end, or stand still: between two steps of which only one may be done. */
export const FAILPOINTS = [
  "edit.begun",
  "edit.object-written",
  "edit.entry-written",
  "edit.audited",
  "edit.counted",
  "edit.before-answer-kept",
  "edit.before-commit",
  "edit.committed",
  "edit.before-answer",
  "publish.mesh-read",
  "publish.before-multi",
  "publish.after-multi",
  "publish.before-delivery",
  "publish.delivered",
  "drift.found",
  "drift.recorded",
  "override.due",
  "override.expired",
  "election.node-created",
  "policy-log.appended",
  "policy-log.synced",
  "policy-log.written",
  "policy-log.renamed",
  "gateway.before-acknowledgement",
  "history.names-saved",
  "history.parts-written",
  "history.before-commit",
  "history.committed",
  "history.rolled-up",
  "history.roll-up-committed",
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** What happens at a failpoint, and when. */
export interface ArmedFailpoint {
  readonly name: Failpoint;
  /** At which passing of the place, from 1. */
  readonly hit: number;
  /** SIGKILL: nothing more is done, as after a loss of power. SIGSTOP: it goes on where it was after SIGCONT. */
  readonly signal: "SIGKILL" | "SIGSTOP";
}

let armed: ArmedFailpoint | null = null;
let passed = 0;

/**
 * Chooses the one failpoint that works in this process; null: none. Only the processes of tests call it: nothing in the
 * environment of a console or a gateway can arm one.
 */
export function armFailpoint(next: ArmedFailpoint | null): void {
  armed = next;
  passed = 0;
}

/** Marks such a place. Unless it is armed, all it costs is a comparison. */
export function failpoint(name: Failpoint): void {
  if (armed !== null) pass(armed, name);
}

function pass(point: ArmedFailpoint, name: Failpoint): void {
  if (point.name !== name) return;
  passed += 1;
  // To the own process a signal is delivered before `kill` returns: no further line runs.
  if (passed === point.hit) process.kill(process.pid, point.signal);
}
