import { auditHash, chainEnd, readAuditAfter } from "#db/audit-repository.ts";
import type { AuditVerification } from "#domain/audit.ts";
import { CHAIN_START, walkChain, type ChainPosition } from "#domain/audit-chain.ts";
import type { ControlDeps } from "./edit.ts";

const PAGE = 500;

/**
 * Walks the whole audit chain and says where it breaks first: at an entry changed, moved or missing, the end included.
 * Entries added meanwhile are not looked at.
 * @throws MeshError DATABASE_DOWN.
 */
export async function verifyAudit(deps: ControlDeps): Promise<AuditVerification> {
  const end = await deps.database.read(chainEnd);
  let position: ChainPosition = CHAIN_START;
  while (position.sequence < end.sequence) {
    const from = position.sequence;
    const entries = await deps.database.read((db) => readAuditAfter(db, from, Math.min(PAGE, end.sequence - from)));
    const walked = walkChain(position, entries, auditHash);
    position = walked.position;
    if (walked.firstBroken !== null) return broken(position, walked.firstBroken);
    if (entries.length === 0) return broken(position, from + 1);
  }
  // Every entry holds together, but the last is not the one the mesh row remembers: the whole chain was made anew.
  if (position.hash !== end.hash) return broken(position, end.sequence);
  return { ok: true, checked: position.sequence, firstBroken: null };
}

function broken(position: ChainPosition, firstBroken: number): AuditVerification {
  return { ok: false, checked: position.sequence, firstBroken };
}
