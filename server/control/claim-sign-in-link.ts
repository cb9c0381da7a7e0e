import { randomUUID } from "node:crypto";
import { appendAudit } from "#db/audit-repository.ts";
import type { Tx } from "#db/client.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { addPerson, findPerson, findPersonByEmail, hasAdministrator, replacePassword } from "#db/person-repository.ts";
import { useSignInLink } from "#db/sign-in-link-repository.ts";
import { MeshError } from "#domain/errors.ts";
import type { ClaimDraft, Person } from "#domain/person.ts";
import { hashPassword } from "#identity/password.ts";
import { signInTokenHash } from "#identity/sign-in-token.ts";
import { describeSignInLink } from "./describe-sign-in-link.ts";
import { nowMs, type ControlDeps } from "./edit.ts";
import { invalidLink } from "./invalid-link.ts";

/**
 * Uses a one-time link: makes the first administrator, or gives the person it was made for a new password.
 * @returns the address to sign in with.
 * @throws MeshError NOT_FOUND when the link is not valid (any more), ALREADY_EXISTS, DATABASE_DOWN.
 */
export async function claimSignInLink(deps: ControlDeps, claim: ClaimDraft): Promise<{ email: string }> {
  // Hashing is dear on purpose: only the holder of a link that is good may cause it.
  await describeSignInLink(deps, claim.token);
  // Before the transaction: hashing takes long, and everybody else's edits wait for the lock.
  const passwordHash = await hashPassword(claim.password);
  return deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    const now = new Date(nowMs(deps));
    const link = await useSignInLink(tx, signInTokenHash(claim.token), now);
    if (link === null) throw invalidLink();
    if (link.personId !== null) return recover(tx, link.personId, passwordHash);
    if (await hasAdministrator(tx)) throw invalidLink();
    return makeFirstAdministrator(tx, claim, passwordHash, now.getTime());
  });
}

async function recover(tx: Tx, personId: string, passwordHash: string): Promise<{ email: string }> {
  const person = await findPerson(tx, personId);
  if (person === null) throw invalidLink();
  await replacePassword(tx, personId, passwordHash);
  return { email: person.email };
}

async function makeFirstAdministrator(
  tx: Tx,
  claim: ClaimDraft,
  passwordHash: string,
  atMs: number,
): Promise<{ email: string }> {
  if ((await findPersonByEmail(tx, claim.email)) !== null) {
    throw new MeshError("ALREADY_EXISTS", { detail: "Somebody has this address already.", field: "email" });
  }
  const person: Person = { id: randomUUID(), name: claim.name, email: claim.email, role: "administrator" };
  await addPerson(tx, person, passwordHash);
  await appendAudit(tx, {
    atMs,
    actor: { kind: "person", id: person.id, name: person.name },
    action: "person.first-administrator",
    target: `people/${person.email}`,
    summary: `${person.name} became the first administrator`,
    before: null,
    after: { name: person.name, email: person.email, role: person.role },
    revision: null,
  });
  return { email: person.email };
}
