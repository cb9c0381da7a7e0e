import { hasAdministrator } from "#db/person-repository.ts";
import type { Person, SessionState } from "#domain/person.ts";
import type { ForceDeps } from "./force-breaker.ts";

/** Who is signed in, whether the console still waits for its first administrator, and what it asks of people. @throws MeshError DATABASE_DOWN. */
export async function describeSession(deps: ForceDeps, person: Person | null): Promise<SessionState> {
  const needsFirstAdministrator = person === null && !(await deps.database.read(hasAdministrator));
  return { person, needsFirstAdministrator, forceConfirmRps: deps.forceConfirmRps };
}
