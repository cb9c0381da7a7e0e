import { listAudit } from "#control/list-audit.ts";
import { verifyAudit } from "#control/verify-audit.ts";
import { AuditQuery, type AuditPage, type AuditVerification } from "#domain/audit.ts";
import { router, viewerProcedure } from "./trpc.ts";

export const auditRouter = router({
  list: viewerProcedure.input(AuditQuery).query(({ ctx, input }): Promise<AuditPage> => listAudit(ctx.deps, input)),
  verify: viewerProcedure.query(({ ctx }): Promise<AuditVerification> => verifyAudit(ctx.deps)),
});
