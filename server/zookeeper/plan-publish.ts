import { findingKey } from "#domain/drift.ts";
import { MAX_DOCUMENT_BYTES, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import type { Halt, PublishRules } from "#domain/publishing.ts";
import { encodeDocument, encodeHead, specHash } from "./codec.ts";
import { compareNode, contentOf, foundHash, headProblem, type ComparisonContext } from "./compare-node.ts";
import type { Stored } from "./mesh-mirror.ts";
import { gatewaysAhead, reasonOfAhead, type Applied } from "./gateways-ahead.ts";
import { splitKey } from "./paths.ts";
import type { DocumentWrite } from "./publish-multis.ts";
import { compare } from "./registry-hold.ts";

/** Published policy as found in ZooKeeper. */
export interface MeshView {
  readonly head: Stored<PolicyHead> | null;
  readonly documents: ReadonlyMap<string, Stored<PolicyDocument>>;
  /** How many readable documents each database wrote, by incarnation. */
  readonly writers: ReadonlyMap<string, number>;
  /** Nodes that publications went past because they were closed to us, with the version they had; null: there was none. */
  readonly leftOut: ReadonlyMap<string, number | null>;
}

/** Policy as the database has it, tombstones included. */
export interface DatabaseView {
  readonly incarnation: string;
  readonly revision: number;
  readonly documents: ReadonlyMap<string, PolicyDocument>;
  /** Objects that are not removed. */
  readonly live: number;
  /** The head that describes these documents. */
  head(): PolicyHead;
}

/** A published node that is not what was published there. */
export interface Drift {
  /** Policy key, or `head`. */
  readonly key: string;
  readonly problem: string;
  /** What was found: the spec where it can be read, else the text, cut short; null when there is nothing. */
  readonly found: unknown;
}

/** Drift, and what comes of it now. */
export interface FoundDrift extends Drift {
  /** SHA-256, hex, of the bytes found; empty when there was no node. */
  readonly foundHash: string;
  readonly action: "repair" | "hold";
}

/** Without decisions: what drifted is put right. */
export const NO_RULES: PublishRules = { driftMode: "repair", supersedes: null, standing: new Map() };

export interface PublishPlan {
  /** Why nothing may be written; null when it may. */
  readonly halt: Halt | null;
  /** In the order of their revisions. */
  readonly writes: readonly DocumentWrite[];
  /** Null: it stands in ZooKeeper as it should. */
  readonly head: PolicyHead | null;
  readonly drift: readonly FoundDrift[];
  /** Of the keys looked at, those that have to be looked at again: they are not what the database has. */
  readonly differing: ReadonlySet<string>;
}

/**
 * What has to be written so that ZooKeeper becomes the projection of the database, or why nothing may be. `mesh` must
 * have been read before `database`. Only the suspects are compared: every key of which either side may have changed
 * since both were last found the same. Planning again after the writes finds nothing to do. What gateways say they have
 * applied must have been read before `database`, too.
 */
export function planPublish(
  mesh: MeshView,
  database: DatabaseView,
  suspects: Iterable<string>,
  given: PublishRules = NO_RULES,
  applied: readonly Applied[] = [],
): PublishPlan {
  const rules = { ...given, supersedes: supersededIn(mesh, given) };
  const keys = [...new Set(suspects)];
  const everything = contextOf(mesh, database, rules);
  const writes: DocumentWrite[] = [];
  const drift: FoundDrift[] = [];
  const differing = new Set<string>();
  for (const key of keys) {
    const row = database.documents.get(key);
    const found = mesh.documents.get(key);
    // What the head covers although we could not write it is our own doing, as long as nobody has touched it.
    const isLeftOut = mesh.leftOut.get(key) === (found?.version ?? null);
    const context = isLeftOut ? { ...everything, covered: 0 } : everything;
    const comparison = compareNode(row, found, context);
    if (comparison.kind === "same") continue;
    differing.add(key);
    if (comparison.kind === "drift") {
      // An edit of the object that has not been published yet is what a person wants there, whatever was found.
      const isEdited = row !== undefined && row.revision > context.covered;
      const finding = findingOf(key, comparison.problem, found, isEdited ? NO_RULES : rules);
      if (finding !== null) drift.push(finding);
      if (finding?.action !== "repair") continue;
    }
    writes.push({ document: row ?? tombstone(key, database), version: found?.version ?? null });
  }
  const halt = haltFor(mesh, database, rules, keys) ?? haltForGateways(mesh, database, rules, applied);
  if (halt !== null) return { halt, writes: [], head: null, drift: [], differing };
  const head = database.head();
  const problem = headProblem(mesh.head, head, mesh.documents.size, rules.supersedes);
  // Without a head no gateway can be told anything: it is never held.
  const finding = problem === "" ? null : findingOf("head", problem, mesh.head, NO_RULES);
  if (finding !== null) drift.push(finding);
  writes.sort((a, b) => a.document.revision - b.document.revision || compare(a.document.key, b.document.key));
  const isHeadRight = mesh.head?.data.equals(encodeHead(head)) === true;
  return { halt: null, writes, head: isHeadRight && writes.length === 0 ? null : head, drift, differing };
}

/** What the other database published since a person said that it may be written over, nobody has looked at. */
function supersededIn(mesh: MeshView, { supersedes, supersedesUpTo }: PublishRules): string | null {
  const head = mesh.head?.decoded;
  const isSince =
    head?.ok === true &&
    head.value.incarnation === supersedes &&
    head.value.revision > (supersedesUpTo ?? head.value.revision);
  return isSince ? null : supersedes;
}

function contextOf(mesh: MeshView, database: DatabaseView, rules: PublishRules): ComparisonContext {
  const { incarnation } = database;
  const head = mesh.head?.decoded;
  const covered = head?.ok === true && head.value.incarnation === incarnation ? head.value.revision : 0;
  return { incarnation, covered, supersedes: rules.supersedes };
}

/** Null: a person wants it left as it was found. */
function findingOf(
  key: string,
  problem: string,
  found: Stored<PolicyDocument | PolicyHead> | null | undefined,
  rules: PublishRules,
): FoundDrift | null {
  const hash = foundHash(found);
  const standing = rules.standing.get(findingKey(key));
  const decision = standing?.foundHash === hash ? standing.decision : "none";
  if (decision === "ignore") return null;
  const action = rules.driftMode === "repair" || decision === "restore" ? "repair" : "hold";
  return { key, problem, found: contentOf(found), foundHash: hash, action };
}

function haltFor(
  mesh: MeshView,
  database: DatabaseView,
  { supersedes }: PublishRules,
  keys: readonly string[],
): Halt | null {
  const head = mesh.head?.decoded.ok === true ? mesh.head.decoded.value : null;
  const halt = (kind: Halt["kind"], incarnation: string, revision: number, reason: string): Halt => ({
    kind,
    reason,
    mesh: { incarnation, revision, objects: head?.count ?? mesh.documents.size },
    database: { incarnation: database.incarnation, revision: database.revision, objects: database.live },
  });
  const stranger = strangerOf(mesh, database.incarnation, supersedes);
  if (stranger !== null && mesh.documents.size + (head?.count ?? 0) > 0)
    return halt(
      "foreign",
      stranger,
      head?.revision ?? 0,
      "ZooKeeper holds policy that another database published. Nothing is written, so that an empty or wrong database cannot erase a mesh. " +
        "Connect the right database, or choose which side is kept.",
    );
  const ahead = aheadOf(mesh, database, keys);
  if (ahead > database.revision)
    return halt(
      "behind",
      database.incarnation,
      ahead,
      `The database is behind the mesh: it is at revision ${database.revision}, ZooKeeper holds revision ${ahead}. A backup may have been restored. ` +
        "Nothing is written. Restore the newer database, or choose which side is kept.",
    );
  const lost = unknownChange(head, database);
  if (lost !== null)
    return halt(
      "behind",
      database.incarnation,
      ahead,
      `The database knows nothing of a change that was published: ${lost.key} at revision ${lost.revision}. A backup may have been restored, ` +
        "and edited since. Nothing is written. Restore the newer database, or choose which side is kept.",
    );
  const unpublishable = keys.find((key) => isUnpublishable(key, database.documents.get(key)));
  return unpublishable === undefined
    ? null
    : halt(
        "unpublishable",
        database.incarnation,
        head?.revision ?? 0,
        `${unpublishable} cannot be published: its name or its size is out of bounds. Make it smaller, or remove it.`,
      );
}

/** Gateways follow no head below what they hold: they would stay on policy that nobody sees. */
function haltForGateways(
  mesh: MeshView,
  { incarnation, revision, live }: DatabaseView,
  { gatewaysAhead: seen }: PublishRules,
  applied: readonly Applied[],
): Halt | null {
  const ahead = gatewaysAhead(applied, { incarnation, revision });
  const highest = Math.max(seen ?? 0, ...ahead.map((gateway) => gateway.revision));
  if (highest === 0) return null;
  const head = mesh.head?.decoded.ok === true ? mesh.head.decoded.value : null;
  return {
    kind: "gateways",
    reason: reasonOfAhead(ahead, highest, revision),
    // What the gateways hold, as far as anybody can tell.
    mesh: { incarnation, revision: highest, objects: head?.count ?? mesh.documents.size },
    database: { incarnation, revision, objects: live },
  };
}

/**
 * A change in the head's journal that this database never made. After a backup was restored, edits soon make revisions as
 * high as the mesh's; that does not make them the same changes.
 */
function unknownChange(
  head: PolicyHead | null,
  database: DatabaseView,
): { readonly key: string; readonly revision: number } | null {
  if (head?.incarnation !== database.incarnation) return null;
  const found = unknownIn(head.journal, (key) => database.documents.get(key)?.revision);
  return found === undefined ? null : { revision: found[0], key: found[2] };
}

/** The first entry of a journal of which the database has no such revision, nor a later one. */
export function unknownIn(
  journal: PolicyHead["journal"],
  revisionOf: (key: string) => number | undefined,
): PolicyHead["journal"][number] | undefined {
  return journal.find(([revision, , key]) => (revisionOf(key) ?? 0) < revision);
}

/** Incarnation of another database, when it is the one that publishes here. */
function strangerOf(mesh: MeshView, own: string, supersedes: string | null): string | null {
  if (mesh.head?.decoded.ok === true) {
    const { incarnation } = mesh.head.decoded.value;
    return incarnation === own || incarnation === supersedes ? null : incarnation;
  }
  // Without a head, what others wrote beside what is ours, or was allowed to be written over, is drift.
  const isOurs = (writer: string): boolean => writer === own || writer === supersedes;
  const writers = [...mesh.writers.keys()];
  return writers.some(isOurs) ? null : (writers[0] ?? null);
}

/** Latest revision of ours that the mesh holds, as far as it can exceed the database's. */
function aheadOf(mesh: MeshView, database: DatabaseView, keys: readonly string[]): number {
  const head = mesh.head?.decoded;
  let ahead = head?.ok === true && head.value.incarnation === database.incarnation ? head.value.revision : 0;
  for (const key of keys) {
    const decoded = mesh.documents.get(key)?.decoded;
    if (decoded?.ok !== true || decoded.value.incarnation !== database.incarnation) continue;
    ahead = Math.max(ahead, decoded.value.revision);
  }
  return ahead;
}

function isUnpublishable(key: string, row: PolicyDocument | undefined): boolean {
  return row !== undefined && (splitKey(key) === null || encodeDocument(row).length > MAX_DOCUMENT_BYTES);
}

function tombstone(key: string, database: DatabaseView): PolicyDocument {
  return {
    v: 1,
    key,
    revision: database.revision,
    spec: null,
    hash: specHash(null),
    incarnation: database.incarnation,
  };
}
