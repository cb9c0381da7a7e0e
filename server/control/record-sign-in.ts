import { appendAudit } from "#db/audit-repository.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

/** Puts a sign-in on record. @throws MeshError DATABASE_DOWN. */
export async function recordSignIn(
  deps: ControlDeps,
  person: { id: string; name: string; email: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    await appendAudit(tx, {
      atMs: nowMs(deps),
      actor: { kind: "person", id: person.id, name: person.name },
      action: "person.sign-in",
      target: `people/${person.email}`,
      summary: `${person.name} signed in`,
      before: null,
      after: null,
      revision: null,
    });
  });
}
