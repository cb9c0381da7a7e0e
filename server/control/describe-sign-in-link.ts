import { findPerson, hasAdministrator } from "#db/person-repository.ts";
import { findSignInLink } from "#db/sign-in-link-repository.ts";
import type { SignInLink } from "#domain/person.ts";
import { signInTokenHash } from "#identity/sign-in-token.ts";
import { nowMs, type ControlDeps } from "./edit.ts";
import { invalidLink } from "./invalid-link.ts";

/**
 * What a one-time link is good for; looking does not use it up. Only its holder can ask, so it may name the person.
 * @throws MeshError NOT_FOUND when the link is not valid (any more), DATABASE_DOWN.
 */
export async function describeSignInLink(deps: ControlDeps, token: string): Promise<SignInLink> {
  return deps.database.read(async (db) => {
    const link = await findSignInLink(db, signInTokenHash(token), new Date(nowMs(deps)));
    if (link === null) throw invalidLink();
    if (link.personId === null) {
      if (await hasAdministrator(db)) throw invalidLink();
      return { purpose: "first-administrator" };
    }
    const person = await findPerson(db, link.personId);
    if (person === null) throw invalidLink();
    return { purpose: "new-password", name: person.name, email: person.email };
  });
}
