import { hasAdministrator } from "#db/person-repository.ts";
import type { Person, SessionState } from "#domain/person.ts";
import type { ControlDeps } from "./edit.ts";

/** Who is signed in, and whether the console still waits for its first administrator. @throws MeshError DATABASE_DOWN. */
export async function describeSession(deps: ControlDeps, person: Person | null): Promise<SessionState> {
  return { person, needsFirstAdministrator: person === null && !(await deps.database.read(hasAdministrator)) };
}
