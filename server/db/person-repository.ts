import { Role, type Person } from "#domain/person.ts";
import type { Tx } from "./client.ts";
import type { Person as StoredPerson } from "./generated/client.ts";

/** Sign-in by password, in the auth library's terms. */
const PASSWORD_PROVIDER = "credential";

export async function hasAdministrator(db: Tx): Promise<boolean> {
  return (await db.person.count({ where: { role: "administrator" } })) > 0;
}

export async function findPersonByEmail(db: Tx, email: string): Promise<Person | null> {
  const person = await db.person.findUnique({ where: { email: email.toLowerCase() } });
  return person === null ? null : personOf(person);
}

export async function findPerson(db: Tx, id: string): Promise<Person | null> {
  const person = await db.person.findUnique({ where: { id } });
  return person === null ? null : personOf(person);
}

/** Adds a person who signs in with a password. `passwordHash` is the auth library's. */
export async function addPerson(tx: Tx, person: Person, passwordHash: string): Promise<void> {
  const { id, name, email, role } = person;
  await tx.person.create({ data: { id, name, email, role, emailVerified: true } });
  await tx.account.create({
    data: { id: `${id}-password`, userId: id, accountId: id, providerId: PASSWORD_PROVIDER, password: passwordHash },
  });
}

/** Gives a person a new password and ends all their sessions. */
export async function replacePassword(tx: Tx, personId: string, passwordHash: string): Promise<void> {
  const where = { providerId_accountId: { providerId: PASSWORD_PROVIDER, accountId: personId } };
  const fresh = { id: `${personId}-password`, userId: personId, accountId: personId, providerId: PASSWORD_PROVIDER };
  await tx.account.upsert({ where, create: { ...fresh, password: passwordHash }, update: { password: passwordHash } });
  await tx.session.deleteMany({ where: { userId: personId } });
}

function personOf(stored: StoredPerson): Person {
  // A role this version does not know permits nothing but looking.
  return { id: stored.id, name: stored.name, email: stored.email, role: Role.safeParse(stored.role).data ?? "viewer" };
}
