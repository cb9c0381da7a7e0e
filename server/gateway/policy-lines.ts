import { hash } from "node:crypto";
import { z } from "zod";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import { parsePolicyValue } from "#domain/policy-value.ts";
import { POLICY_KINDS, policyKey, PolicyKind } from "#domain/policy.ts";
import { changeSnapshot, SnapshotDraft, type SnapshotChange } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";

/*
 * The text a gateway keeps its policy in. The first line says which policy, and of how many documents; so many lines follow,
 * one document each; and after these one line for each change since, whole. Each line begins with its own checksum.
 */

const Place = { incarnation: z.string(), revision: z.int().min(0), root: z.string() };
const Header = z.object({ v: z.literal(2), ...Place, documents: z.int().min(0) });
const SavedDocument = z.object({
  kind: PolicyKind,
  id: z.string(),
  revision: z.int(),
  created: z.int().optional(),
  spec: z.unknown(),
});
type SavedDocument = z.infer<typeof SavedDocument>;
const SavedChange = z.object({
  ...Place,
  set: z.array(SavedDocument),
  removed: z.array(z.object({ kind: PolicyKind, id: z.string() })),
});

/** What was read back. */
export interface SavedPolicy {
  readonly policy: PolicySnapshot;
  /** Documents that are damaged, or that this version cannot use. */
  readonly refused: readonly RefusedDocument[];
}

/** The first line of a snapshot, and one for each of its documents. */
export function* snapshotLines(snapshot: PolicySnapshot): Generator<string, undefined> {
  const { incarnation, revision, root } = snapshot;
  const documents = POLICY_KINDS.reduce((sum, kind) => sum + snapshot[kind].size, 0);
  yield encodeLine({ v: 2, incarnation, revision, root, documents } satisfies z.infer<typeof Header>);
  for (const kind of POLICY_KINDS)
    for (const published of snapshot[kind].values()) yield encodeLine({ kind, ...published } satisfies SavedDocument);
}

export function changeLine(change: SnapshotChange): string {
  const { incarnation, revision, root } = change;
  const saved: z.infer<typeof SavedChange> = {
    incarnation,
    revision,
    root,
    set: POLICY_KINDS.flatMap((kind) => change[kind].set.map(([, published]) => ({ kind, ...published }))),
    removed: POLICY_KINDS.flatMap((kind) => change[kind].removed.map((id) => ({ kind, id }))),
  };
  return encodeLine(saved);
}

/**
 * The policy in these lines: what they began with, and every change up to the first that is not whole. That is the last
 * line, when the gateway was killed while it wrote. A document that cannot be used is left out, or keeps the value it had,
 * and is named.
 * @throws Error when the first line cannot be used, so that nobody knows which policy it is.
 */
export function readPolicyLines(text: string): SavedPolicy {
  const [first = "", ...lines] = text.split("\n");
  const header = Header.safeParse(decodeLine(first));
  if (!header.success) throw new Error("its first line is damaged, or another version's");
  // What comes after the last line break is no whole line.
  lines.pop();
  const decoded = lines.map(decodeLine);
  // A damaged line break makes one line of two: the first change is known by what it is.
  const firstChange = decoded.findIndex(
    (line, at) => at >= header.data.documents || SavedChange.safeParse(line).success,
  );
  const end = firstChange === -1 ? decoded.length : firstChange;
  return readChanges(decoded.slice(end), readDocuments(decoded.slice(0, end), header.data));
}

/** Documents of one policy as they were saved, each judged by itself. */
export function readDocuments(
  saved: readonly unknown[],
  place: { incarnation: string; revision: number; root: string; documents: number },
): SavedPolicy {
  const draft = new SnapshotDraft();
  const refused: RefusedDocument[] = [];
  const damaged = (what: string, reason: string): unknown =>
    refused.push({ key: what, revision: place.revision, reason });
  for (const [index, item] of saved.entries()) {
    const document = SavedDocument.safeParse(item);
    if (document.success) take(document.data, draft, refused);
    else damaged(`saved document ${index + 1}`, "it is damaged on the gateway's disk");
  }
  const missing = place.documents - saved.length;
  if (missing > 0) damaged("saved policy", `${missing} documents are missing on the gateway's disk`);
  return { policy: changeSnapshot(EMPTY_SNAPSHOT, draft.change(place)), refused };
}

function readChanges(lines: readonly unknown[], begun: SavedPolicy): SavedPolicy {
  let { policy } = begun;
  let refused = [...begun.refused];
  for (const [index, line] of lines.entries()) {
    const change = SavedChange.safeParse(line);
    if (!change.success) {
      const lost = lines.length - index;
      const reason = `${lost} changes after revision ${policy.revision} are damaged on the gateway's disk`;
      return { policy, refused: [...refused, { key: "saved policy", revision: policy.revision, reason }] };
    }
    const { set, removed } = change.data;
    const draft = new SnapshotDraft();
    for (const { kind, id } of removed) draft.remove(kind, id);
    const changed = new Set<string>([...set, ...removed].map(({ kind, id }) => policyKey(kind, id)));
    refused = refused.filter(({ key }) => !changed.has(key));
    for (const document of set) take(document, draft, refused);
    policy = changeSnapshot(policy, draft.change(change.data));
  }
  return { policy, refused };
}

function take(
  { kind, id, revision, created, spec }: SavedDocument,
  draft: SnapshotDraft,
  refused: RefusedDocument[],
): void {
  const parsed = parsePolicyValue(kind, id, { revision, created }, spec);
  if (parsed.ok) draft.set(parsed.value);
  else refused.push({ key: policyKey(kind, id), revision, reason: `as saved on disk: ${parsed.problem}` });
}

function encodeLine(value: unknown): string {
  const text = JSON.stringify(value);
  return `${checksum(text)} ${text}\n`;
}

/** Undefined when the line is damaged. */
function decodeLine(line: string): unknown {
  const text = line.slice(CHECKSUM_DIGITS + 1);
  if (line.slice(0, CHECKSUM_DIGITS + 1) !== `${checksum(text)} `) return undefined;
  return JSON.parse(text);
}

const CHECKSUM_DIGITS = 16;

/** Against what a disk does by itself. */
function checksum(text: string): string {
  return hash("sha256", text, "hex").slice(0, CHECKSUM_DIGITS);
}
