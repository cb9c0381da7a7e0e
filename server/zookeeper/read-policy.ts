import { canonicalJson } from "#domain/canonical-json.ts";
import { breakerTargetId } from "#domain/breaker-policy.ts";
import { overrideId } from "#domain/override.ts";
import { SPEC_SCHEMAS, type PolicyHead } from "#domain/policy.ts";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import type { PolicySnapshot, Published } from "#domain/snapshot.ts";
import { decodeDocument, describeIssues, rootOfHashes } from "./codec.ts";
import { splitKey } from "./paths.ts";

/** What a gateway holds. Never changed once made. */
export interface HeldPolicy {
  readonly snapshot: PolicySnapshot;
  readonly refused: readonly RefusedDocument[];
  /** Whether the documents last read add up to their head. */
  readonly verified: boolean;
  /** The latest reading that did: hashes of all live documents, refused ones included; null before the first. */
  readonly trusted: { readonly incarnation: string; readonly revision: number; readonly hashes: ReadonlyMap<string, string> } | null;
}

/** Nodes read between two identical readings of the head; null: no such node. */
export interface PolicyReading {
  readonly head: PolicyHead;
  readonly nodes: ReadonlyMap<string, Buffer | null>;
  /** Whether `nodes` is every node there is, or only what changed since the trusted revision. */
  readonly complete: boolean;
}

type Verdict =
  | { readonly kind: "live"; readonly hash: string; readonly revision: number; readonly spec: unknown; readonly refusal: string }
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

  const before = new Map(sameHistory ? valuesOf(held.snapshot) : []);
  const values = new Map(complete && verified ? [] : before);
  const refused: RefusedDocument[] = complete ? [] : held.refused.filter(({ key }) => key !== "head" && !verdicts.has(key));
  for (const [key, verdict] of verdicts) {
    const previous = before.get(key);
    const refusal = reasonToRefuse(verdict, previous, verified ? null : trusted, key);
    if (refusal !== "") {
      refused.push({ key, revision: verdict.kind === "unusable" ? head.revision : verdict.revision, reason: refusal });
      if (previous !== undefined) values.set(key, previous);
    } else if (verdict.kind === "live") {
      values.set(key, { id: idOf(key), revision: verdict.revision, spec: verdict.spec });
    } else {
      values.delete(key);
    }
  }
  if (!verified) refused.push({ key: "head", revision: head.revision, reason: "the documents read do not add up to it" });
  const { incarnation, revision } = head;
  return { snapshot: toSnapshot(head, values), refused, verified, trusted: verified ? { incarnation, revision, hashes } : trusted };
}

function hashesAfter(base: Iterable<readonly [string, string]>, verdicts: ReadonlyMap<string, Verdict>): Map<string, string> {
  const hashes = new Map(base);
  for (const [key, verdict] of verdicts) {
    if (verdict.kind === "live") hashes.set(key, verdict.hash);
    else hashes.delete(key);
  }
  return hashes;
}

/** @param trusted what an earlier, verified reading held; null when this one is verified itself. Empty when acceptable. */
function reasonToRefuse(verdict: Verdict, previous: Published<unknown> | undefined, trusted: HeldPolicy["trusted"], key: string): string {
  if (verdict.kind === "unusable") return verdict.reason;
  if (previous !== undefined && verdict.revision < previous.revision) {
    return `it went back to revision ${verdict.revision}; revision ${previous.revision} stays in force`;
  }
  if (trusted !== null && verdict.revision <= trusted.revision) {
    const hash = verdict.kind === "live" ? verdict.hash : undefined;
    if (trusted.hashes.get(key) !== hash) return "it was changed without being published";
  }
  return verdict.kind === "live" ? verdict.refusal : "";
}

/** Whether two states differ in anything a gateway acts on or reports. */
export function differs(a: HeldPolicy, b: HeldPolicy): boolean {
  const [x, y] = [a.snapshot, b.snapshot];
  if (x.incarnation !== y.incarnation || x.revision !== y.revision || x.root !== y.root) return true;
  if (canonicalJson(a.refused) !== canonicalJson(b.refused)) return true;
  return canonicalJson(valuesOf(x).sort(byKey)) !== canonicalJson(valuesOf(y).sort(byKey));
}

function unverifiable(held: HeldPolicy, head: PolicyHead): HeldPolicy {
  const reason = "policy of another database, and the documents read do not add up to its head; the previous policy stays in force";
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
  if (document.revision > head.revision) return { kind: "unusable", reason: `it is newer than the head (revision ${document.revision})` };
  if (document.spec === null) return { kind: "removed", revision: document.revision };
  const { revision, hash } = document;
  const spec = parseSpec(key, document.spec);
  return typeof spec === "string"
    ? { kind: "live", hash, revision, spec: null, refusal: spec }
    : { kind: "live", hash, revision, spec: spec.value, refusal: "" };
}

/** The spec by its schema, or why it is refused. A member this version does not know might change the meaning. */
function parseSpec(key: string, spec: unknown): { readonly value: unknown } | string {
  const parts = splitKey(key);
  if (parts === null) return "its name is not one of ours";
  const parsed = SPEC_SCHEMAS[parts.kind].safeParse(spec);
  if (!parsed.success) return describeIssues(parsed.error);
  const unknown = firstUnknownMember(spec, parsed.data, "");
  if (unknown !== "") return `${unknown}: this version does not know it`;
  const value = parsed.data;
  const id = "scope" in value ? overrideId(value.target, value.scope) : "settings" in value ? breakerTargetId(value.target) : parts.id;
  return id === parts.id ? { value } : `it belongs to ${id}`;
}

/** Path of the first member that parsing left out; empty when nothing was. */
function firstUnknownMember(raw: unknown, parsed: unknown, at: string): string {
  if (typeof raw !== "object" || raw === null || typeof parsed !== "object" || parsed === null) return "";
  const known = new Map<string, unknown>(Object.entries(parsed));
  for (const [name, value] of Object.entries(raw)) {
    const path = at === "" ? name : `${at}.${name}`;
    if (!known.has(name)) return path;
    const inner = firstUnknownMember(value, known.get(name), path);
    if (inner !== "") return inner;
  }
  return "";
}

type Values = ReadonlyMap<string, Published<unknown>>;

function valuesOf(snapshot: PolicySnapshot): [string, Published<unknown>][] {
  return (["routes", "breakers", "overrides"] as const).flatMap((kind) =>
    [...snapshot[kind]].map(([id, value]): [string, Published<unknown>] => [`${kind}/${id}`, value]),
  );
}

function idOf(key: string): string {
  return splitKey(key)?.id ?? key;
}

function toSnapshot(head: PolicyHead, values: Values): PolicySnapshot {
  const { incarnation, revision, root } = head;
  return { incarnation, revision, root, routes: pick(values, "routes"), breakers: pick(values, "breakers"), overrides: pick(values, "overrides") };
}

/** Values of one kind. They were parsed by that kind's schema when they were taken in. */
function pick<Kind extends "routes" | "breakers" | "overrides">(values: Values, kind: Kind): PolicySnapshot[Kind] {
  const chosen = [...values].filter(([key]) => key.startsWith(`${kind}/`)).map(([, value]) => [value.id, value] as const);
  return new Map(chosen) as unknown as PolicySnapshot[Kind];
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
