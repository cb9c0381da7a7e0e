import { pageAudit } from "#db/audit-repository.ts";
import type { AuditPage, AuditQuery } from "#domain/audit.ts";
import type { ControlDeps } from "./edit.ts";

/** One page of the audit log, latest first. @throws MeshError DATABASE_DOWN. */
export function listAudit(deps: ControlDeps, query: AuditQuery): Promise<AuditPage> {
  return deps.database.read((db) => pageAudit(db, query));
}
