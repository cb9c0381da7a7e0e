import type { Tx } from "#db/client.ts";
import { readMesh, type MeshRow } from "#db/mesh-repository.ts";
import { readStored, type StoredPolicy } from "#db/policy-repository.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import { MeshError } from "#domain/errors.ts";
import { policyKey } from "#domain/policy.ts";
import { SURVEY_MAX, type GatewayAhead, type MeshDifference, type MeshSurvey } from "#domain/publishing.ts";
import { ZooKeeperFailure } from "#zookeeper/failure.ts";
import { gatewaysAhead } from "#zookeeper/gateways-ahead.ts";
import { unknownIn } from "#zookeeper/plan-publish.ts";
import type { SurveyedMesh } from "#zookeeper/survey-mesh.ts";
import type { ControlDeps } from "./edit.ts";

/** What comparing the mesh with the database works with. */
export interface SurveyDeps extends ControlDeps {
  readonly publisher: { survey(): Promise<SurveyedMesh> };
}

/** The database's side of the comparison. */
export interface DatabaseSide {
  readonly mesh: MeshRow;
  /** By policy key, tombstones included. */
  readonly objects: ReadonlyMap<string, StoredPolicy>;
}

/**
 * Compares what ZooKeeper holds, whoever published it, with the database.
 * @throws MeshError ZOOKEEPER_DOWN, DATABASE_DOWN.
 */
export async function surveyMesh(deps: SurveyDeps): Promise<MeshSurvey> {
  const published = await readPublished(deps);
  const { mesh, objects } = await deps.database.snapshot(readDatabaseSide);
  const differences = differencesOf(published, objects);
  const { incarnation, revision } = published;
  return {
    mesh: { incarnation, revision, objects: published.documents.filter(({ spec }) => spec !== null).length },
    database: {
      incarnation: mesh.incarnation,
      revision: mesh.revision,
      objects: [...objects.values()].filter(({ spec }) => spec !== null).length,
    },
    differences: differences.slice(0, SURVEY_MAX),
    total: differences.length,
    ahead: aheadOfBoth(published, mesh),
    canKeepMesh: isOthersMesh(published, { mesh, objects }),
    unreadable: published.unreadable,
  };
}

/** Whether the mesh holds what this database never made: another database's policy, or later changes of its own. */
export function isOthersMesh(published: SurveyedMesh, { mesh, objects }: DatabaseSide): boolean {
  if (published.incarnation === "") return false;
  return (
    published.incarnation !== mesh.incarnation ||
    published.revision > mesh.revision ||
    unknownIn(published.journal, (key) => objects.get(key)?.revision) !== undefined
  );
}

/** Gateways that hold a later revision of this database than it has, and than ZooKeeper holds. */
export function aheadOfBoth(published: SurveyedMesh, { incarnation, revision }: MeshRow): GatewayAhead[] {
  const inMesh = published.incarnation === incarnation ? published.revision : 0;
  return gatewaysAhead(published.applied, { incarnation, revision: Math.max(revision, inMesh) });
}

/** The highest revision that such gateways hold, or were seen to hold before; 0 when there are none. */
export function highestAhead(published: SurveyedMesh, { mesh }: DatabaseSide): number {
  return Math.max(mesh.gatewaysAhead ?? 0, ...aheadOfBoth(published, mesh).map(({ revision }) => revision));
}

/** @throws MeshError ZOOKEEPER_DOWN. */
export async function readPublished({ publisher }: Pick<SurveyDeps, "publisher">): Promise<SurveyedMesh> {
  try {
    return await publisher.survey();
  } catch (error) {
    if (error instanceof ZooKeeperFailure) throw new MeshError("ZOOKEEPER_DOWN", { cause: error });
    throw error;
  }
}

export async function readDatabaseSide(tx: Tx): Promise<DatabaseSide> {
  const mesh = await readMesh(tx);
  const objects = await readStored(tx);
  return { mesh, objects: new Map(objects.map((object) => [policyKey(object.kind, object.id), object])) };
}

/** Objects that differ, by key; nodes that cannot be read are not compared. */
function differencesOf(published: SurveyedMesh, objects: DatabaseSide["objects"]): MeshDifference[] {
  const specs = new Map(published.documents.map(({ key, spec }) => [key, spec]));
  const unreadable = new Set(published.unreadable.map(({ key }) => key));
  const keys = [...new Set([...specs.keys(), ...objects.keys()])].filter((key) => !unreadable.has(key));
  return keys
    .sort()
    .map((key) => ({ key, mesh: specs.get(key) ?? null, database: objects.get(key)?.spec ?? null }))
    .filter(({ mesh, database }) => canonicalJson(mesh) !== canonicalJson(database));
}
