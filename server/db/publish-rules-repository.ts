import type { PublishRules, StandingFinding } from "#domain/publishing.ts";
import type { Tx } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { readMesh } from "./mesh-repository.ts";

const DECISIONS: Readonly<Record<string, StandingFinding["decision"]>> = {
  open: "none",
  restoring: "restore",
  ignored: "ignore",
};

/** What people decided that the publisher has to keep to. */
export async function readPublishRules(db: Tx): Promise<PublishRules> {
  const { driftMode, supersedes } = await readMesh(db);
  const standing = await db.driftFinding.findMany({
    where: { state: { in: Object.keys(DECISIONS) } },
    select: { key: true, foundHash: true, state: true },
  });
  return {
    driftMode,
    supersedes,
    standing: new Map(
      standing.map(({ key, foundHash, state }) => [key, { foundHash, decision: DECISIONS[state] ?? "none" }]),
    ),
  };
}

/** Keys of objects that were removed before this moment. */
export async function removedBefore(db: Tx, at: Date): Promise<readonly string[]> {
  const objects = await db.policyObject.findMany({
    where: { spec: { equals: Prisma.DbNull }, updatedAt: { lt: at } },
    select: { kind: true, id: true },
  });
  return objects.map(({ kind, id }) => `${kind}/${id}`);
}
