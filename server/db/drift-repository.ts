import { DriftState, findingKey, type DriftFinding } from "#domain/drift.ts";
import type { PublishRules, StandingFinding } from "#domain/publishing.ts";
import type { Tx } from "./client.ts";
import type { DriftFinding as StoredFinding } from "./generated/client.ts";
import { jsonOrNull } from "./json.ts";

/** States of findings that are not over. */
const STANDING: readonly DriftState[] = ["open", "restoring", "ignored"];

export async function addFinding(tx: Tx, finding: DriftFinding): Promise<void> {
  const { id, key, foundHash, publishedRevision, state, decidedBy } = finding;
  await tx.driftFinding.create({
    data: {
      id,
      key: findingKey(key),
      problem: finding.problem.replaceAll(/\p{Cc}+/gu, " "),
      foundHash,
      found: jsonOrNull(finding.found),
      published: jsonOrNull(finding.published),
      publishedRevision,
      foundAt: new Date(finding.foundAtMs),
      state,
      decidedBy,
      resolvedAt: finding.resolvedAtMs === null ? null : new Date(finding.resolvedAtMs),
    },
  });
}

/** Those of the findings that there are, by id. */
export async function findFindings(db: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, DriftFinding>> {
  const rows = await db.driftFinding.findMany({ where: { id: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.id, findingOf(row)]));
}

/** The finding of the key that is not over; there is one at most. */
export async function findStanding(db: Tx, key: string): Promise<DriftFinding | null> {
  const row = await db.driftFinding.findFirst({ where: { key: findingKey(key), state: { in: [...STANDING] } } });
  return row === null ? null : findingOf(row);
}

/** Latest first, of one key where it is given; `standing` leaves out those that are over. */
export async function listFindings(
  db: Tx,
  which: "standing" | "all",
  limit: number,
  key?: string,
): Promise<DriftFinding[]> {
  const rows = await db.driftFinding.findMany({
    where: {
      ...(which === "standing" && { state: { in: [...STANDING] } }),
      ...(key !== undefined && { key: findingKey(key) }),
    },
    orderBy: [{ foundAt: "desc" }, { id: "asc" }],
    take: limit,
  });
  return rows.map(findingOf);
}

/** Keys of findings that are not over, sorted. */
export async function listStandingKeys(db: Tx): Promise<string[]> {
  const rows = await db.driftFinding.findMany({
    where: { state: { in: [...STANDING] } },
    select: { key: true },
    distinct: ["key"],
    orderBy: { key: "asc" },
    take: 10_000,
  });
  return rows.map(({ key }) => key);
}

/** Findings that wait for a person, and those that one has left as found; both as of one moment. */
export async function countStandingFindings(db: Tx): Promise<{ readonly open: number; readonly ignored: number }> {
  const counts = await db.driftFinding.groupBy({
    by: ["state"],
    where: { state: { in: [...STANDING] } },
    _count: true,
  });
  const of = (state: DriftState): number => counts.find((one) => one.state === state)?._count ?? 0;
  return { open: of("open"), ignored: of("ignored") };
}

interface StateChange {
  readonly state: DriftState;
  readonly decidedBy: string | null;
  readonly resolvedAt: Date | null;
}

export async function setFindingState(tx: Tx, id: string, change: StateChange): Promise<void> {
  await tx.driftFinding.update({ where: { id }, data: change });
}

export async function setFindingStates(tx: Tx, ids: readonly string[], change: StateChange): Promise<void> {
  await tx.driftFinding.updateMany({ where: { id: { in: [...ids] } }, data: change });
}

/** Ends the findings of these keys, or all, that are not over. */
export async function supersedeFindings(tx: Tx, keys: readonly string[] | "all", at: Date): Promise<void> {
  await tx.driftFinding.updateMany({
    where: { state: { in: [...STANDING] }, ...(keys !== "all" && { key: { in: keys.map(findingKey) } }) },
    data: { state: "superseded", resolvedAt: at },
  });
}

/** Forgets some of the findings that were over before this. @returns how many, at most `limit`. */
export async function pruneFindings(db: Tx, before: Date, limit: number): Promise<number> {
  const { count } = await db.driftFinding.deleteMany({
    where: { state: { notIn: [...STANDING] }, resolvedAt: { lt: before } },
    limit,
  });
  return count;
}

const DECISIONS: Readonly<Partial<Record<DriftState, StandingFinding["decision"]>>> = {
  restoring: "restore",
  ignored: "ignore",
};

/** What people decided about findings that are not over, by key. */
export async function readStanding(db: Tx): Promise<PublishRules["standing"]> {
  const rows = await listFindings(db, "standing", 10_000);
  return new Map(
    rows.map(({ key, foundHash, state }) => [key, { foundHash, decision: DECISIONS[state] ?? "none" } as const]),
  );
}

function findingOf(row: StoredFinding): DriftFinding {
  return {
    id: row.id,
    key: row.key,
    problem: row.problem,
    foundHash: row.foundHash,
    found: row.found,
    published: row.published,
    publishedRevision: row.publishedRevision,
    foundAtMs: row.foundAt.getTime(),
    // A state of a later version is nothing that this one could act on.
    state: DriftState.catch("superseded").parse(row.state),
    decidedBy: row.decidedBy,
    resolvedAtMs: row.resolvedAt?.getTime() ?? null,
  };
}
