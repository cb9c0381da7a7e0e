import { z } from "zod";

/** A policy object as a refused edit brings it back, whatever its kind. */
export const CurrentRow = z.object({
  id: z.string(),
  version: z.number(),
  revision: z.number(),
  spec: z.unknown(),
  updatedAtMs: z.number(),
  updatedBy: z.string(),
});
export type CurrentRow = z.infer<typeof CurrentRow>;
