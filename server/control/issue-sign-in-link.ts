import { hasAdministrator, findPersonByEmail } from "#db/person-repository.ts";
import { addSignInLink } from "#db/sign-in-link-repository.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { MeshError } from "#domain/errors.ts";
import { newSignInToken, signInTokenHash } from "#identity/sign-in-token.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

const VALID_MS = 24 * 3_600_000;

/**
 * Makes a one-time link for the first administrator, valid for 24 hours or until there is one.
 * @returns its token, which is kept nowhere; null when there is an administrator already.
 * @throws MeshError DATABASE_DOWN.
 */
export async function issueFirstAdministratorLink(deps: ControlDeps): Promise<string | null> {
  return deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    if (await hasAdministrator(tx)) return null;
    const { token, row } = newLink(deps);
    await addSignInLink(tx, { ...row, personId: null });
    return token;
  });
}

/**
 * Makes a one-time link with which a person chooses a new password. For whoever can reach the database: the console has
 * no page for it.
 * @throws MeshError NOT_FOUND when nobody has the address, DATABASE_DOWN.
 */
export async function issueRecoveryLink(deps: ControlDeps, email: string): Promise<string> {
  return deps.database.transaction(async (tx) => {
    const person = await findPersonByEmail(tx, email);
    if (person === null) throw new MeshError("NOT_FOUND", { detail: `Nobody has the address ${email}.` });
    const { token, row } = newLink(deps);
    await addSignInLink(tx, { ...row, personId: person.id });
    return token;
  });
}

function newLink(deps: ControlDeps): { token: string; row: { tokenHash: string; createdAt: Date; expiresAt: Date } } {
  const token = newSignInToken();
  const atMs = nowMs(deps);
  return {
    token,
    row: { tokenHash: signInTokenHash(token), createdAt: new Date(atMs), expiresAt: new Date(atMs + VALID_MS) },
  };
}
