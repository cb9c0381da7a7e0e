import type { AuditEntry, AuditPage } from "#domain/audit.ts";

/** An entry as it comes over the wire, where a value of any kind may also be left out. */
export type ShownEntry = Omit<AuditEntry, "before" | "after"> & { readonly before?: unknown; readonly after?: unknown };

export type ShownPage = Omit<AuditPage, "entries"> & { readonly entries: readonly ShownEntry[] };
