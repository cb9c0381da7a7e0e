import type { DriftDifference } from "#domain/drift.ts";

type Side = "found" | "published" | "database";

/** A finding as it comes over the wire, where a value of any kind may also be left out. */
export type ShownFinding = Omit<DriftDifference, Side> & { readonly [side in Side]?: unknown };
