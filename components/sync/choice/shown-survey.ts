import type { MeshDifference, MeshSurvey } from "#domain/publishing.ts";

/** A difference as it comes over the wire, where a value of any kind may also be left out. */
export type ShownDifference = Pick<MeshDifference, "key"> & { readonly mesh?: unknown; readonly database?: unknown };

export type ShownSurvey = Omit<MeshSurvey, "differences"> & { readonly differences: readonly ShownDifference[] };
