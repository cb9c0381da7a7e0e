CREATE INDEX "audit_entry_revision_idx" ON "audit_entry"("revision");
