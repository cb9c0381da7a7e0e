import type { z } from "zod";
import {
  policyKey,
  PolicyKind,
  SPEC_SCHEMAS,
  type PolicyDocument,
  type PolicyRow,
  type SpecOf,
} from "#domain/policy.ts";
import type { Tx } from "./client.ts";
import { Prisma, type PolicyObject } from "./generated/client.ts";
import { jsonText } from "./json.ts";

const SCHEMAS: { readonly [Kind in PolicyKind]: z.ZodType<SpecOf[Kind]> } = SPEC_SCHEMAS;

/** An object as the database holds it; `row` is null when it was removed or never was. */
export interface FoundPolicy<Kind extends PolicyKind> {
  /** Of the tombstone too, so that an object made again goes on counting; 0 when it never was. */
  readonly version: number;
  readonly row: PolicyRow<SpecOf[Kind]> | null;
}

/** All live objects of a kind, by id. */
export async function listPolicies<Kind extends PolicyKind>(db: Tx, kind: Kind): Promise<PolicyRow<SpecOf[Kind]>[]> {
  const objects = await db.policyObject.findMany({
    where: { kind, NOT: { spec: { equals: Prisma.DbNull } } },
    orderBy: { id: "asc" },
  });
  return objects.map((object) => rowOf(kind, object));
}

export async function findPolicy<Kind extends PolicyKind>(db: Tx, kind: Kind, id: string): Promise<FoundPolicy<Kind>> {
  const object = await db.policyObject.findUnique({ where: { kind_id: { kind, id } } });
  if (object === null) return { version: 0, row: null };
  return { version: object.version, row: object.spec === null ? null : rowOf(kind, object) };
}

/** An object of any kind, as it is stored. */
export interface StoredPolicy {
  readonly kind: PolicyKind;
  readonly id: string;
  readonly version: number;
  readonly revision: number;
  /** Revision of the edit that made it; null for a tombstone, and for what was last edited with a version that did not record it. */
  readonly created: number | null;
  /** Null: a tombstone. */
  readonly spec: object | null;
  readonly hash: string;
  readonly at: Date;
  readonly by: string;
}

/** Every object, tombstones included. */
export async function readStored(db: Tx): Promise<StoredPolicy[]> {
  const objects = await db.policyObject.findMany();
  return objects.flatMap((object) => {
    const kind = PolicyKind.safeParse(object.kind);
    if (!kind.success) return [];
    const { id, version, revision, created, spec, hash, updatedAt: at, updatedBy: by } = object;
    const isObject = typeof spec === "object" && spec !== null;
    return [{ kind: kind.data, id, version, revision, created, spec: isObject ? spec : null, hash, at, by }];
  });
}

/** Objects of one statement, so that none grows to hundreds of megabytes. */
const STATEMENT_ROWS = 500;

/** Writes objects, whether they were there before or not; no two of the same. */
export async function writeStored(tx: Tx, objects: readonly StoredPolicy[]): Promise<void> {
  for (let start = 0; start < objects.length; start += STATEMENT_ROWS) {
    const some = objects.slice(start, start + STATEMENT_ROWS);
    const column = <T>(pick: (object: StoredPolicy) => T): T[] => some.map(pick);
    await tx.$executeRaw`
      INSERT INTO "policy_object" ("kind", "id", "version", "revision", "created", "created_noted", "spec", "hash", "updated_at", "updated_by")
      SELECT "kind", "id", "version", "revision", "created", "revision", "spec"::json, "hash", "at"::timestamptz, "by" FROM unnest(
        ${column(({ kind }) => kind)}::text[],
        ${column(({ id }) => id)}::text[],
        ${column(({ version }) => version)}::int[],
        ${column(({ revision }) => revision)}::int[],
        ${column(({ created }) => created)}::int[],
        ${column(({ spec }) => jsonText(spec))}::text[],
        ${column(({ hash }) => hash)}::text[],
        ${column(({ at }) => at.toISOString())}::text[],
        ${column(({ by }) => by)}::text[]
      ) AS "new" ("kind", "id", "version", "revision", "created", "spec", "hash", "at", "by")
      ON CONFLICT ("kind", "id") DO UPDATE SET
        "version" = EXCLUDED."version", "revision" = EXCLUDED."revision", "created" = EXCLUDED."created",
        "created_noted" = EXCLUDED."created_noted", "spec" = EXCLUDED."spec",
        "hash" = EXCLUDED."hash", "updated_at" = EXCLUDED."updated_at", "updated_by" = EXCLUDED."updated_by"`;
  }
}

/** Keys of objects removed before this. */
export async function tombstoneKeys(db: Tx, before: Date): Promise<string[]> {
  const objects = await db.policyObject.findMany({
    where: { spec: { equals: Prisma.DbNull }, updatedAt: { lt: before } },
    select: { kind: true, id: true },
  });
  return objects.map(({ kind, id }) => `${kind}/${id}`);
}

/** What one object is now, whatever form its spec has; null when it never was. */
export async function findDocument(
  db: Tx,
  kind: PolicyKind,
  id: string,
): Promise<{ readonly spec: unknown; readonly revision: number } | null> {
  const object = await db.policyObject.findUnique({ where: { kind_id: { kind, id } } });
  return object === null ? null : { spec: object.spec, revision: object.revision };
}

/** The same of several at once, by policy key; those that never were are left out. */
export async function findDocuments(
  db: Tx,
  wanted: readonly { readonly kind: PolicyKind; readonly id: string }[],
): Promise<ReadonlyMap<string, { readonly spec: unknown; readonly revision: number }>> {
  const objects = await db.policyObject.findMany({
    where: {
      OR: [...Map.groupBy(wanted, ({ kind }) => kind)].map(([kind, of]) => ({
        kind,
        id: { in: of.map(({ id }) => id) },
      })),
    },
  });
  return new Map(objects.map(({ kind, id, spec, revision }) => [`${kind}/${id}`, { spec, revision }]));
}

/** Every document changed after the revision, tombstones included, oldest first. */
export async function readDocuments(db: Tx, incarnation: string, after: number): Promise<PolicyDocument[]> {
  const objects = await db.policyObject.findMany({
    where: { revision: { gt: after } },
    orderBy: [{ revision: "asc" }, { kind: "asc" }, { id: "asc" }],
  });
  return objects.map((object) => documentOf(object, incarnation));
}

/** Policy, or what of it changed, as the database has it. */
export interface PolicyReading {
  readonly incarnation: string;
  /** Of the latest accepted edit, whatever it changed. */
  readonly revision: number;
  /** Tombstones included, oldest first. */
  readonly documents: readonly PolicyDocument[];
}

type Published = Pick<PolicyObject, "kind" | "id" | "revision" | "created" | "spec" | "hash">;

/** The same, with whose it is and how far: in one statement, which sees one state of the database and costs one round trip. */
export async function readPolicySince(db: Tx, after: number): Promise<PolicyReading> {
  const rows = await db.$queryRaw<({ incarnation: string; latest: number } & (Published | { kind: null }))[]>`
    SELECT "mesh"."incarnation", "mesh"."revision" AS "latest", "changed".*
    FROM "mesh" LEFT JOIN "policy_object" AS "changed" ON "changed"."revision" > ${after}
    WHERE "mesh"."id" = 1
    ORDER BY "changed"."revision", "changed"."kind", "changed"."id"`;
  const [first] = rows;
  if (first === undefined) throw new Error("the database has no mesh row");
  const { incarnation, latest: revision } = first;
  const documents = rows.flatMap((row) => (row.kind === null ? [] : [documentOf(row, incarnation)]));
  return { incarnation, revision, documents };
}

function documentOf({ kind, id, revision, created, spec, hash }: Published, incarnation: string): PolicyDocument {
  const age = created === null ? {} : { created };
  return { v: 1, key: `${kind}/${id}`, revision, ...age, spec, hash, incarnation };
}

function rowOf<Kind extends PolicyKind>(kind: Kind, object: PolicyObject): PolicyRow<SpecOf[Kind]> {
  const spec = SCHEMAS[kind].safeParse(object.spec);
  if (!spec.success)
    throw new Error(`The database holds ${policyKey(kind, object.id)} in a form this version cannot read`, {
      cause: spec.error,
    });
  return {
    id: object.id,
    version: object.version,
    revision: object.revision,
    ...(object.created !== null && { created: object.created }),
    spec: spec.data,
    updatedAtMs: object.updatedAt.getTime(),
    updatedBy: object.updatedBy,
  };
}
