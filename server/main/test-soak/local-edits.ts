import type { Database } from "#db/client.ts";
import { MeshError } from "#domain/errors.ts";
import { carryOutOnce } from "./carry-out.ts";
import type { TakesEdits } from "./console-child.ts";

/** Edits that are saved while no console runs that could publish them. */
export function localEdits(database: Database): TakesEdits {
  return {
    async edit(asked, key) {
      try {
        return { kind: "made", ...(await carryOutOnce({ database }, asked, key)) };
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        return error.code === "DATABASE_DOWN"
          ? { kind: "unknown" }
          : { kind: "refused", code: error.code, detail: error.detail ?? "" };
      }
    },
  };
}
