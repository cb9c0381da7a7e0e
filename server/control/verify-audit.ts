import { auditHash, chainEnd, hashAt, readAuditAfter } from "#db/audit-repository.ts";
import { readMesh } from "#db/mesh-repository.ts";
import type { AnchorVerdict, AuditVerification } from "#domain/audit.ts";
import { CHAIN_START, walkChain, type ChainPosition } from "#domain/audit-chain.ts";
import type { AuditAnchor } from "#zookeeper/audit-anchor.ts";
import { ZooKeeperFailure } from "#zookeeper/failure.ts";
import type { ControlDeps } from "./edit.ts";

/** What verifying works with. */
export interface VerifyDeps extends Pick<ControlDeps, "database"> {
  /** Without it nothing is compared with ZooKeeper. */
  readonly anchor?: { read(): Promise<AuditAnchor | null> };
}

const PAGE = 500;

/**
 * Walks the whole audit chain and says where it breaks first: at an entry changed, moved or missing, the end included;
 * and whether it still holds the entry that was last anchored in ZooKeeper. Entries added meanwhile are not looked at.
 * @throws MeshError DATABASE_DOWN.
 */
export async function verifyAudit(deps: VerifyDeps): Promise<AuditVerification> {
  // Before the end: the anchor of a sound log is never ahead of it.
  const anchor = await readAnchor(deps);
  const walked = await walk(deps);
  const verdict = anchor === "unread" ? ({ state: "unread", sequence: null } as const) : await judge(deps, anchor);
  const isSound = verdict.state !== "missing" && verdict.state !== "differs";
  if (walked.firstBroken !== null || isSound) return { ...walked, ok: walked.firstBroken === null, anchor: verdict };
  const firstBroken = verdict.state === "missing" ? walked.checked + 1 : verdict.sequence;
  return { ok: false, checked: walked.checked, firstBroken, anchor: verdict };
}

async function walk(deps: VerifyDeps): Promise<Pick<AuditVerification, "checked" | "firstBroken">> {
  const end = await deps.database.read(chainEnd);
  let position: ChainPosition = CHAIN_START;
  while (position.sequence < end.sequence) {
    const from = position.sequence;
    const entries = await deps.database.read((db) => readAuditAfter(db, from, Math.min(PAGE, end.sequence - from)));
    const walked = walkChain(position, entries, auditHash);
    position = walked.position;
    if (walked.firstBroken !== null) return { checked: position.sequence, firstBroken: walked.firstBroken };
    if (entries.length === 0) return { checked: position.sequence, firstBroken: from + 1 };
  }
  // Every entry holds together, but the last is not the one the mesh row remembers: the whole chain was made anew.
  return { checked: position.sequence, firstBroken: position.hash === end.hash ? null : end.sequence };
}

async function readAnchor({ anchor }: VerifyDeps): Promise<AuditAnchor | "unread" | null> {
  try {
    return (await anchor?.read()) ?? null;
  } catch (error) {
    if (error instanceof ZooKeeperFailure) return "unread";
    throw error;
  }
}

async function judge(deps: VerifyDeps, anchor: AuditAnchor | null): Promise<AnchorVerdict> {
  if (anchor === null) return { state: "none", sequence: null };
  const { sequence } = anchor;
  const { incarnation, hash } = await deps.database.read(async (db) => ({
    incarnation: (await readMesh(db)).incarnation,
    hash: await hashAt(db, sequence),
  }));
  if (anchor.incarnation !== incarnation) return { state: "none", sequence: null };
  if (hash === null) return { state: "missing", sequence };
  return { state: hash === anchor.hash ? "agrees" : "differs", sequence };
}
