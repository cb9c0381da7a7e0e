import { canonicalJson } from "#domain/canonical-json.ts";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import type { PolicyHead } from "#domain/policy.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import { decodeDocument, rootOfHashes, type Decoded } from "./codec.ts";
import { parseValue, toSnapshot, valuesOf, type PolicyValue } from "./policy-values.ts";

/** What a gateway holds. Never changed once made. */
export interface HeldPolicy {
  readonly snapshot: PolicySnapshot;
  readonly refused: readonly RefusedDocument[];
  /** Whether the documents last read add up to their head. */
  readonly verified: boolean;
  /** The latest reading that did: hashes of all live documents, refused ones included; null before the first. */
  readonly trusted: {
    readonly incarnation: string;
    readonly revision: number;
    readonly hashes: ReadonlyMap<string, string>;
  } | null;
}

/** Nodes read between two identical readings of the head; null: no such node. */
export interface PolicyReading {
  readonly head: PolicyHead;
  readonly nodes: ReadonlyMap<string, Buffer | null>;
  /** Whether `nodes` is every node there is, or only what changed since the trusted revision. */
  readonly complete: boolean;
}

type Verdict =
  | {
      readonly kind: "live";
      readonly hash: string;
      readonly revision: number;
      readonly spec: Decoded<PolicyValue>;
    }
  | { readonly kind: "removed"; readonly revision: number }
  | { readonly kind: "unusable"; readonly reason: string };

/** Why a head may not be followed from what is held; empty when it may. */
export function reasonToRefuseHead(held: HeldPolicy, head: PolicyHead): string {
  if (head.incarnation !== held.snapshot.incarnation || head.revision >= held.snapshot.revision) return "";
  return `the head went back to revision ${head.revision}; revision ${held.snapshot.revision} stays in force`;
}

/**
 * The policy after a reading. Pure. Each document is judged by itself: one that cannot be used leaves the previous value
 * of its key in force and is listed as refused. When everything read adds up to the head's root, it is the truth. When
 * not, nothing is dropped for being absent, and nothing is believed that changed without being published: a damaged or
 * meddled-with tree can neither empty a gateway nor slip something into it.
 */
export function applyReading(held: HeldPolicy, reading: PolicyReading): HeldPolicy {
  const { head, complete } = reading;
  const sameHistory = head.incarnation === held.snapshot.incarnation;
  const trusted = held.trusted?.incarnation === head.incarnation ? held.trusted : null;
  const verdicts = new Map([...reading.nodes].map(([key, data]) => [key, judge(key, data, head)]));
  const hashes = hashesAfter(complete ? [] : (trusted?.hashes ?? []), verdicts);
  const verified = rootOfHashes(hashes) === head.root && hashes.size === head.count;
  // Another database's policy is taken whole or not at all.
  if (!sameHistory && !verified && held.snapshot.incarnation !== "") return unverifiable(held, head);

  const before = sameHistory ? valuesOf(held.snapshot) : new Map<string, PolicyValue>();
  const values = new Map(complete && verified ? [] : before);
  const refused: RefusedDocument[] = complete
    ? []
    : held.refused.filter(({ key }) => key !== "head" && !verdicts.has(key));
  for (const [key, verdict] of verdicts) {
    const previous = before.get(key);
    const distrust = verified ? "" : reasonToDistrust(verdict, previous, trusted, key);
    const refusal = distrust === "" ? refusalOf(verdict) : distrust;
    if (refusal !== "") {
      refused.push({ key, revision: verdict.kind === "unusable" ? head.revision : verdict.revision, reason: refusal });
      if (previous !== undefined) values.set(key, previous);
    } else if (verdict.kind === "live" && verdict.spec.ok) {
      values.set(key, verdict.spec.value);
    } else {
      values.delete(key);
    }
  }
  if (!verified)
    refused.push({ key: "head", revision: head.revision, reason: "the documents read do not add up to it" });
  const { incarnation, revision } = head;
  return {
    snapshot: toSnapshot(head, values.values()),
    refused,
    verified,
    trusted: verified ? { incarnation, revision, hashes } : trusted,
  };
}

function hashesAfter(
  base: Iterable<readonly [string, string]>,
  verdicts: ReadonlyMap<string, Verdict>,
): Map<string, string> {
  const hashes = new Map(base);
  for (const [key, verdict] of verdicts) {
    if (verdict.kind === "live") hashes.set(key, verdict.hash);
    else hashes.delete(key);
  }
  return hashes;
}

/** What the document itself is at fault for; empty when nothing. */
function refusalOf(verdict: Verdict): string {
  if (verdict.kind === "unusable") return verdict.reason;
  return verdict.kind === "live" && !verdict.spec.ok ? verdict.spec.problem : "";
}

/** Why a document in a tree that does not add up is not believed; empty when it is. */
function reasonToDistrust(
  verdict: Verdict,
  previous: PolicyValue | undefined,
  trusted: HeldPolicy["trusted"],
  key: string,
): string {
  if (verdict.kind === "unusable") return "";
  const heldRevision = previous?.published.revision ?? 0;
  if (verdict.revision < heldRevision) {
    return `it went back to revision ${verdict.revision}; revision ${heldRevision} stays in force`;
  }
  if (trusted === null || verdict.revision > trusted.revision) return "";
  const hash = verdict.kind === "live" ? verdict.hash : undefined;
  return trusted.hashes.get(key) === hash ? "" : "it was changed without being published";
}

/** Whether two states differ in anything a gateway acts on or reports. */
export function differs(a: HeldPolicy, b: HeldPolicy): boolean {
  const [x, y] = [a.snapshot, b.snapshot];
  if (x.incarnation !== y.incarnation || x.revision !== y.revision || x.root !== y.root) return true;
  if (canonicalJson(a.refused) !== canonicalJson(b.refused)) return true;
  return canonicalJson(Object.fromEntries(valuesOf(x))) !== canonicalJson(Object.fromEntries(valuesOf(y)));
}

function unverifiable(held: HeldPolicy, head: PolicyHead): HeldPolicy {
  const reason =
    "policy of another database, and the documents read do not add up to its head; the previous policy stays in force";
  const others = held.refused.filter(({ key }) => key !== "head");
  return { ...held, verified: false, refused: [...others, { key: "head", revision: head.revision, reason }] };
}

/** Reads one node. A document that is whole but not acceptable still counts for the root hash. */
function judge(key: string, data: Buffer | null, head: PolicyHead): Verdict {
  if (data === null) return { kind: "unusable", reason: "its node is missing" };
  const decoded = decodeDocument(data);
  if (!decoded.ok) return { kind: "unusable", reason: decoded.problem };
  const document = decoded.value;
  if (document.key !== key) return { kind: "unusable", reason: "its node holds another object" };
  if (document.incarnation !== head.incarnation) return { kind: "unusable", reason: "another database wrote it" };
  if (document.revision > head.revision)
    return { kind: "unusable", reason: `it is newer than the head (revision ${document.revision})` };
  if (document.spec === null) return { kind: "removed", revision: document.revision };
  const { revision, hash } = document;
  return { kind: "live", hash, revision, spec: parseValue(key, revision, document.spec) };
}
