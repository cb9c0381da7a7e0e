import { hash as digestOf } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "#domain/canonical-json.ts";
import { describeIssues } from "#domain/describe-issues.ts";
import { MAX_DOCUMENT_BYTES, PolicyDocument, PolicyHead } from "#domain/policy.ts";

/** Deepest nesting of a published document; ours need six. */
const DEPTH_MAX = 32;
/** A head lists at most `JOURNAL_MAX` keys. */
const HEAD_BYTES_MAX = 256 * 1024;

/** Latest changes a head lists: a gateway that is further behind reads everything. */
export const JOURNAL_MAX = 256;

/** Something read, or why it cannot be used. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** SHA-256, hex, of the canonical JSON of a spec; of `null` for a tombstone. */
export function specHash(spec: unknown): string {
  return sha256(canonicalJson(spec));
}

const SUM_BITS = 256;

/**
 * The root hash: the sum, modulo 2^256, of SHA-256("key:hash") over all live documents. One edit changes it at the cost
 * of that edit, in whatever order edits come. Why a sum is enough: docs/decisions/0009-root-hash.md.
 */
export class RootSum {
  #sum: bigint;

  constructor(sum = 0n) {
    this.#sum = sum;
  }

  add(key: string, hash: string): void {
    this.#sum = BigInt.asUintN(SUM_BITS, this.#sum + termOf(key, hash));
  }

  /** Takes a document out that was added before. */
  remove(key: string, hash: string): void {
    this.#sum = BigInt.asUintN(SUM_BITS, this.#sum - termOf(key, hash));
  }

  /** Hex, 64 digits. */
  digest(): string {
    return this.#sum.toString(16).padStart(SUM_BITS / 4, "0");
  }

  copy(): RootSum {
    return new RootSum(this.#sum);
  }
}

function termOf(key: string, hash: string): bigint {
  return BigInt(`0x${sha256(`${key}:${hash}`)}`);
}

/** The root hash of these documents; tombstones do not count. */
export function rootHash(documents: Iterable<Pick<PolicyDocument, "key" | "hash" | "spec">>): string {
  return rootOfHashes(
    new Map([...documents].filter((document) => document.spec !== null).map(({ key, hash }) => [key, hash])),
  );
}

/** The same from hashes by key. */
export function rootOfHashes(hashes: ReadonlyMap<string, string>): string {
  const sum = new RootSum();
  for (const [key, hash] of hashes) sum.add(key, hash);
  return sum.digest();
}

/** The head that describes these documents: a function of them alone, so two consoles always write the same. */
export function makeHead(incarnation: string, revision: number, documents: Iterable<PolicyDocument>): PolicyHead {
  const all = [...documents];
  const live = all.filter((document) => document.spec !== null);
  const latest = all.toSorted((a, b) => a.revision - b.revision || byCodeUnit(a.key, b.key)).slice(-JOURNAL_MAX);
  return {
    v: 3,
    incarnation,
    revision,
    count: live.length,
    root: rootHash(live),
    journal: latest.map(journalEntry),
  };
}

/** What the journal says of a document. */
export type JournalEntry = PolicyHead["journal"][number];

const digests = new WeakMap<PolicyDocument, string>();

export function journalEntry(document: PolicyDocument): JournalEntry {
  const digest = digests.get(document) ?? documentDigest(encodeDocument(document));
  digests.set(document, digest);
  return [document.revision, document.spec === null ? "remove" : "set", document.key, digest];
}

/** Of 43: 132 bits. Nobody finds another document with the same. */
const DIGEST_CHARACTERS = 22;

/** The beginning of the SHA-256, base64url, of a document's node: of all that it says, not of its spec alone. */
export function documentDigest(data: Buffer): string {
  return digestOf("sha256", data, "base64url").slice(0, DIGEST_CHARACTERS);
}

/**
 * Revision after which the journal holds every change there was: its first entry's, of which it may lack some. A journal
 * that is not full holds every object there ever was.
 */
export function journalReach({ journal }: PolicyHead): number {
  return journal.length < JOURNAL_MAX ? -1 : (journal[0]?.[0] ?? -1);
}

/** Keys that changed after `revision`, or null when the journal does not reach back that far. */
export function changedSince(head: PolicyHead, revision: number): readonly string[] | null {
  if (revision < journalReach(head)) return null;
  return head.journal.filter(([at]) => at > revision).map(([, , key]) => key);
}

// Made once: building a schema costs more than checking with it.
const StrictDocument = PolicyDocument.strict();
const StrictHead = PolicyHead.strict().refine(
  ({ v, journal }) => journal.every(([, , , digest]) => (digest === undefined) === (v === 2)),
  { error: "its journal is another format's" },
);

export function encodeDocument(document: PolicyDocument): Buffer {
  return Buffer.from(canonicalJson(document));
}

const heads = new WeakMap<PolicyHead, Buffer>();

/** Made once for each head: it is long, and asked for several times on the way of an edit. */
export function encodeHead(head: PolicyHead): Buffer {
  const data = heads.get(head) ?? Buffer.from(canonicalJson(head));
  heads.set(head, data);
  return data;
}

/** The same head as the version before wrote it, without digests. */
export function encodePreviousHead(head: PolicyHead): Buffer {
  const journal = head.journal.map(([revision, change, key]) => [revision, change, key]);
  return Buffer.from(canonicalJson({ ...head, v: 2, journal }));
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a document's node. Never throws; a hash that does not fit the spec makes it unreadable. */
export function decodeDocument(data: Buffer): Decoded<PolicyDocument> {
  const decoded = decode(data, StrictDocument, MAX_DOCUMENT_BYTES);
  if (!decoded.ok) return decoded;
  return decoded.value.hash === hashOrNone(decoded.value.spec)
    ? decoded
    : { ok: false, problem: "its hash does not fit its content" };
}

/** Null for what has no canonical form: JSON can write numbers too large to be one (1e999). */
function hashOrNone(spec: unknown): string | null {
  try {
    return specHash(spec);
  } catch {
    return null;
  }
}

/** Reads the head's node. Never throws. */
export function decodeHead(data: Buffer): Decoded<PolicyHead> {
  const decoded = decode(data, StrictHead, HEAD_BYTES_MAX);
  return !decoded.ok && isOlderHead(data) ? { ok: false, problem: "an older format" } : decoded;
}

const OlderHead = PolicyHead.extend({ v: z.literal(1) }).strict();

/** Whether an earlier version wrote this head, whose root was another function: it has to be written anew, and nobody meddled with it. */
export function isOlderHead(data: Buffer): boolean {
  return decode(data, OlderHead, HEAD_BYTES_MAX).ok;
}

/** UTF-8 JSON of bounded size and depth that satisfies a schema. Never throws. */
export function decode<Schema extends z.ZodType>(
  data: Buffer,
  schema: Schema,
  bytesMax: number,
): Decoded<z.output<Schema>> {
  if (data.length > bytesMax) return { ok: false, problem: `${data.length} bytes; at most ${bytesMax} are read` };
  let value: unknown;
  try {
    const text = utf8.decode(data);
    if (depthOf(text) > DEPTH_MAX) return { ok: false, problem: `nested deeper than ${DEPTH_MAX} levels` };
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: "not JSON in UTF-8" };
  }
  const result = schema.safeParse(value);
  return result.success ? { ok: true, value: result.data } : { ok: false, problem: describeIssues(result.error) };
}

const QUOTE = 0x22;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

/** Deepest nesting of brackets outside strings, without parsing: a parser is what it protects. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === BRACE || code === BRACKET) deepest = Math.max(deepest, (depth += 1));
    else if (code === BRACE_END || code === BRACKET_END) depth -= 1;
  }
  return deepest;
}

function sha256(text: string): string {
  return digestOf("sha256", text, "hex");
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
