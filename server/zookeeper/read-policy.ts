import type { RefusedDocument } from "#domain/gateway-info.ts";
import { PersistentMap } from "#domain/persistent-map.ts";
import { parsePolicyValue, type PolicyValue } from "#domain/policy-value.ts";
import { POLICY_KINDS, policyKey, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import { isSameValue } from "#domain/same-value.ts";
import { changeSnapshot, isSameSnapshot, SnapshotDraft, valueIn } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import { decodeDocument, documentDigest, documentHash, RootSum, type Decoded, type JournalEntry } from "./codec.ts";
import { reasonToDistrust, type Hashes, type TrustedReading, type Verdict } from "./distrust.ts";
import { splitKey } from "./paths.ts";

/** What a gateway holds. Never changed once made. */
export interface HeldPolicy {
  readonly snapshot: PolicySnapshot;
  readonly refused: readonly RefusedDocument[];
  /** Whether the documents last read add up to their head. */
  readonly verified: boolean;
  /** The latest reading that did; null before the first. */
  readonly trusted: TrustedReading | null;
}

/** A node's bytes, taken apart. */
export type NodeRead =
  | {
      readonly ok: true;
      readonly document: Omit<PolicyDocument, "spec">;
      /** Null: a tombstone. */
      readonly spec: Decoded<PolicyValue> | null;
      /** Of its bytes. */
      readonly digest: string;
    }
  | { readonly ok: false; readonly problem: string; readonly digest: string };

/** Nodes as they were while the head was this one; null: no such node. */
export interface PolicyReading {
  readonly head: PolicyHead;
  readonly nodes: ReadonlyMap<string, NodeRead | null>;
  /** Whether `nodes` is every node there is, or only what changed since the trusted revision. */
  readonly complete: boolean;
}

/** What a gateway starts with. A snapshot that adds up to its head is trusted as when it was read. */
export function heldFromDisk(snapshot: PolicySnapshot, refused: readonly RefusedDocument[]): HeldPolicy {
  const { incarnation, revision } = snapshot;
  const sum = new RootSum();
  const hashes = POLICY_KINDS.flatMap((kind) =>
    [...snapshot[kind]].map(([id, published]): [string, string] => [policyKey(kind, id), documentHash(published)]),
  );
  for (const [key, hash] of hashes) sum.add(key, hash);
  const isWhole = incarnation !== "" && sum.digest() === snapshot.root;
  const trusted = isWhole ? { incarnation, revision, hashes: PersistentMap.from(hashes), sum } : null;
  return { snapshot, refused, verified: false, trusted };
}

/** Why a head may not be followed from what is held; empty when it may. */
export function reasonToRefuseHead(held: HeldPolicy, head: PolicyHead): string {
  if (head.incarnation !== held.snapshot.incarnation) return reasonToRefuseEmpty(held, head);
  if (head.revision >= held.snapshot.revision) return "";
  return `the head went back to revision ${head.revision}; revision ${held.snapshot.revision} stays in force`;
}

/**
 * A database in which nothing was ever saved has nothing to say: where ZooKeeper lost everything and the database, too,
 * gateways are the last to know the mesh. Whoever wants it empty saves something, or decides so where the mesh still is.
 */
function reasonToRefuseEmpty({ snapshot }: HeldPolicy, head: PolicyHead): string {
  const isEmpty = head.revision === 0 && head.count === 0;
  return isEmpty && POLICY_KINDS.some((kind) => snapshot[kind].size > 0)
    ? `another database's policy, in which nothing was ever saved; revision ${snapshot.revision} of the previous one stays in force`
    : "";
}

/**
 * Takes a node apart, for `applyReading` on the same `held`. The dear part of a reading, so that it can be done node by
 * node, as they come. What is in force already is not made anew: it stays the same object. Never throws.
 */
export function readNode(held: HeldPolicy, key: string, data: Buffer): NodeRead {
  const decoded = decodeDocument(data);
  const digest = documentDigest(data);
  if (!decoded.ok) return { ...decoded, digest };
  const { spec, ...document } = decoded.value;
  if (document.key !== key) return { ok: false, problem: "its node holds another object", digest };
  return { ok: true, document, spec: spec === null ? null : parseSpec(held, document, spec), digest };
}

function parseSpec(
  held: HeldPolicy,
  { key, revision, created, hash, incarnation }: Omit<PolicyDocument, "spec">,
  spec: unknown,
): Decoded<PolicyValue> {
  const parts = splitKey(key);
  if (parts === null) return { ok: false, problem: "its name is not one of ours" };
  const known = incarnation === held.snapshot.incarnation ? valueIn(held.snapshot, parts.kind, parts.id) : undefined;
  const isAsOld = known?.published.revision === revision && known.published.created === created;
  const isRefused = (): boolean => held.refused.some((refused) => refused.key === key);
  // What adds up to a head, at the same revision and with the same hash, is what was parsed then.
  const isAsRead = held.trusted?.incarnation === incarnation && held.trusted.hashes.get(key) === hash;
  if (isAsOld && isAsRead && !isRefused()) return { ok: true, value: known };
  const parsed = parsePolicyValue(parts.kind, parts.id, { revision, created }, spec);
  return parsed.ok && isAsOld && isSameValue(parsed.value.published.spec, known.published.spec)
    ? { ok: true, value: known }
    : parsed;
}

/**
 * Whether what was read is, byte for byte, what the head's journal says of these keys. Then it belongs to this head,
 * whatever was published meanwhile.
 */
export function isAsJournalled({ journal }: PolicyHead, nodes: ReadonlyMap<string, NodeRead | null>): boolean {
  const entries = new Map(journal.map((entry) => [entry[2], entry]));
  return [...nodes].every(([key, node]) => {
    const [, change, , digest] = entries.get(key) ?? [];
    return node === null ? change === "remove" : digest === node.digest;
  });
}

/**
 * The policy after a reading. Pure. Each document is judged by itself: one that cannot be used leaves the previous value
 * of its key in force and is listed as refused. When everything read adds up to the head's root, it is the truth. When
 * not, nothing is dropped for being absent, and nothing is believed that changed without being published: a damaged or
 * meddled-with tree can neither empty a gateway nor slip something into it. Costs what was read, however much is held.
 */
export function applyReading(held: HeldPolicy, reading: PolicyReading): HeldPolicy {
  const { head, complete } = reading;
  const sameHistory = head.incarnation === held.snapshot.incarnation;
  const trusted = held.trusted?.incarnation === head.incarnation ? held.trusted : null;
  const verdicts = judgeAll(reading);
  const hashes = hashesAfter(trusted, verdicts, complete);
  const verified = isAllOf(hashes, head);
  // Another database's policy is taken whole or not at all.
  if (!sameHistory && !verified && held.snapshot.incarnation !== "") return unverifiable(held, head);

  const before = sameHistory ? held.snapshot : EMPTY_SNAPSHOT;
  const draft = new SnapshotDraft();
  const refused = complete ? [] : held.refused.filter(({ key }) => key !== "head" && !verdicts.has(key));
  const believed = new Map<string, Verdict>();
  const journal = new Map(head.journal.map((entry): [string, JournalEntry] => [entry[2], entry]));
  for (const [key, verdict] of verdicts) {
    const parts = splitKey(key);
    const previous = parts === null ? undefined : valueIn(before, parts.kind, parts.id);
    const distrust = verified
      ? ""
      : reasonToDistrust({ key, verdict, previous, trusted, head, entry: journal.get(key) });
    const refusal = distrust === "" ? refusalOf(verdict) : distrust;
    if (distrust === "" && verdict.kind !== "unusable") believed.set(key, verdict);
    if (refusal !== "") {
      refused.push({ key, revision: verdict.kind === "unusable" ? head.revision : verdict.revision, reason: refusal });
      // Everything the head counts was read: what cannot be used is none of it, and not in force any more.
      if (verified && verdict.kind === "unusable" && parts !== null) draft.remove(parts.kind, parts.id);
    } else if (verdict.kind === "live" && verdict.spec.ok) {
      if (verdict.spec.value.published !== previous?.published) draft.set(verdict.spec.value);
    } else if (parts !== null) {
      draft.remove(parts.kind, parts.id);
    }
  }
  // In one order, in whatever order they were read: the same refusals are no news.
  refused.sort((a, b) => (a.key < b.key ? -1 : 1));
  if (complete && verified) removeAbsent(draft, before, verdicts);
  if (!verified)
    refused.push({ key: "head", revision: head.revision, reason: "the documents read do not add up to it" });
  const { incarnation, revision } = head;
  return {
    snapshot: changeSnapshot(before, draft.change(head)),
    refused,
    verified,
    trusted: verified ? { incarnation, revision, ...hashes } : trustedAfter(trusted, believed, head),
  };
}

/** Where what is in force adds up to the head although what was read does not, it is what was published. */
function trustedAfter(
  trusted: TrustedReading | null,
  believed: ReadonlyMap<string, Verdict>,
  head: PolicyHead,
): TrustedReading | null {
  const { incarnation, revision } = head;
  const hashes = hashesAfter(trusted, believed, false);
  return isAllOf(hashes, head) ? { incarnation, revision, ...hashes } : trusted;
}

function isAllOf({ hashes, sum }: Hashes, { root, count }: PolicyHead): boolean {
  return sum.digest() === root && hashes.size === count;
}

function judgeAll({ head, nodes, complete }: PolicyReading): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const [key, node] of nodes) {
    // Of everything there is, one that went away since it was listed is none.
    if (node === null && complete) continue;
    verdicts.set(key, node === null ? judgeMissing(key, head) : judge(node, head));
  }
  return verdicts;
}

/** Hashes of the live documents: those trusted and what was read since, or what was read alone. */
function hashesAfter(
  trusted: TrustedReading | null,
  verdicts: ReadonlyMap<string, Verdict>,
  complete: boolean,
): Hashes {
  const before = trusted?.hashes ?? PersistentMap.empty<string>();
  const sum = trusted?.sum.copy() ?? new RootSum();
  const set: [string, string][] = [];
  const removed: string[] = [];
  for (const [key, verdict] of verdicts) {
    const known = before.get(key);
    const hash = verdict.kind === "live" ? verdict.hash : undefined;
    if (known === hash) continue;
    if (known !== undefined) sum.remove(key, known);
    if (hash === undefined) removed.push(key);
    else {
      sum.add(key, hash);
      set.push([key, hash]);
    }
  }
  if (complete) {
    for (const [key, known] of before) {
      if (verdicts.has(key)) continue;
      sum.remove(key, known);
      removed.push(key);
    }
  }
  return { hashes: before.changed({ set, removed }), sum };
}

function removeAbsent(draft: SnapshotDraft, before: PolicySnapshot, verdicts: ReadonlyMap<string, Verdict>): void {
  for (const kind of POLICY_KINDS) {
    for (const id of before[kind].keys()) if (!verdicts.has(policyKey(kind, id))) draft.remove(kind, id);
  }
}

/** What the document itself is at fault for; empty when nothing. */
function refusalOf(verdict: Verdict): string {
  if (verdict.kind === "unusable") return verdict.reason;
  return verdict.kind === "live" && !verdict.spec.ok ? verdict.spec.problem : "";
}

/** Whether two states differ in anything a gateway acts on or reports. */
export function differs(a: HeldPolicy, b: HeldPolicy): boolean {
  return !isSameSnapshot(a.snapshot, b.snapshot) || !isSameValue(a.refused, b.refused);
}

function unverifiable(held: HeldPolicy, head: PolicyHead): HeldPolicy {
  const reason =
    "policy of another database, and the documents read do not add up to its head; the previous policy stays in force";
  const others = held.refused.filter(({ key }) => key !== "head");
  return { ...held, verified: false, refused: [...others, { key: "head", revision: head.revision, reason }] };
}

/** A document that is whole but not acceptable still counts for the root hash. */
function judge(node: NodeRead, head: PolicyHead): Verdict {
  if (!node.ok) return { kind: "unusable", reason: node.problem };
  const { incarnation, revision, hash } = node.document;
  if (incarnation !== head.incarnation) return { kind: "unusable", reason: "another database wrote it" };
  if (revision > head.revision) return { kind: "unusable", reason: `it is newer than the head (revision ${revision})` };
  const { spec, digest } = node;
  return spec === null ? { kind: "removed", revision, digest } : { kind: "live", hash, revision, spec, digest };
}

/** Tombstones are deleted in the end: where the head says that an object was removed, its node need not be there. */
function judgeMissing(key: string, { journal }: PolicyHead): Verdict {
  const latest = journal.findLast(([, , changed]) => changed === key);
  return latest?.[1] === "remove"
    ? { kind: "removed", revision: latest[0], digest: null }
    : { kind: "unusable", reason: "its node is missing" };
}
