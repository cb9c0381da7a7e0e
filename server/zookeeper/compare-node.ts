import { createHash } from "node:crypto";
import { z } from "zod";
import { MAX_DOCUMENT_BYTES, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import { decode, encodeHead, encodePreviousHead, isOlderHead } from "./codec.ts";
import type { Stored } from "./mesh-mirror.ts";

/** How a document's node relates to its row. */
export type Comparison =
  | { readonly kind: "same" }
  /** Not published yet, or an adopted mesh's: there is nothing to explain. */
  | { readonly kind: "write" }
  /** Not what was published there. */
  | { readonly kind: "drift"; readonly problem: string };

export interface ComparisonContext {
  readonly incarnation: string;
  /** Revision up to which, by the head, everything was published: then a difference is not just work to do. */
  readonly covered: number;
  /** Incarnation whose documents may be written over without a word; null: none. */
  readonly supersedes: string | null;
}

const SAME: Comparison = { kind: "same" };
const WRITE: Comparison = { kind: "write" };
const drift = (problem: string): Comparison => ({ kind: "drift", problem });

/** Compares an object's node with its row. A removed object needs no node: its tombstone may have been collected. */
export function compareNode(
  row: PolicyDocument | undefined,
  found: Stored<PolicyDocument> | undefined,
  context: ComparisonContext,
): Comparison {
  if (row === undefined) return compareUnknown(found, context);
  const isCovered = row.revision <= context.covered;
  if (found === undefined) return row.spec === null ? SAME : isCovered ? drift("the node is missing") : WRITE;
  if (!found.decoded.ok) return drift(`it cannot be read: ${found.decoded.problem}`);
  const document = found.decoded.value;
  if (document.incarnation !== row.incarnation)
    return document.incarnation === context.supersedes ? WRITE : drift("another database wrote it");
  if (document.revision > row.revision)
    return drift(`it claims revision ${document.revision}, the latest is ${row.revision}`);
  if (document.revision < row.revision)
    return isCovered ? drift(`it is at revision ${document.revision}, published was ${row.revision}`) : WRITE;
  return document.hash === row.hash ? SAME : drift("its content was changed");
}

/** A node for which there is no row. */
function compareUnknown(found: Stored<PolicyDocument> | undefined, context: ComparisonContext): Comparison {
  if (found === undefined) return SAME;
  if (found.decoded.ok) {
    const { incarnation, spec } = found.decoded.value;
    if (incarnation === context.incarnation && spec === null) return SAME;
    if (incarnation === context.supersedes) return WRITE;
  }
  return drift("the database knows of no such object");
}

/** What is wrong with the head beyond not being up to date; empty when nothing. */
export function headProblem(
  found: Stored<PolicyHead> | null,
  wanted: PolicyHead,
  documents: number,
  supersedes: string | null,
): string {
  if (found === null) return documents > 0 ? "the node is missing" : "";
  if (!found.decoded.ok) return isOlderHead(found.data) ? "" : `it cannot be read: ${found.decoded.problem}`;
  const { incarnation, revision } = found.decoded.value;
  if (incarnation === supersedes || incarnation !== wanted.incarnation || revision !== wanted.revision) return "";
  // A console of the version before wrote it, and it says what it should: it is written anew all the same.
  const isAsWanted = found.data.equals(encodeHead(wanted)) || found.data.equals(encodePreviousHead(wanted));
  return isAsWanted ? "" : "its content was changed";
}

const FOUND_TEXT_MAX = 4096;

/** What was found, for people: the spec where it can be read, else the text, cut short; null when there is nothing. */
export function contentOf(found: Stored<PolicyDocument | PolicyHead> | null | undefined): unknown {
  if (found === null || found === undefined) return null;
  if (!found.decoded.ok) return specOrText(found.data);
  return "spec" in found.decoded.value ? found.decoded.value.spec : found.decoded.value;
}

const Envelope = z.looseObject({ spec: z.record(z.string(), z.unknown()) });

/** Who edits a node by hand leaves the old hash in it: what they wanted can be read all the same. */
function specOrText(data: Buffer): unknown {
  const envelope = decode(data, Envelope, MAX_DOCUMENT_BYTES);
  return envelope.ok ? envelope.value.spec : data.subarray(0, FOUND_TEXT_MAX).toString("utf8");
}

/** SHA-256, hex, of a node's bytes; empty when there is no node. */
export function foundHash(found: Stored<unknown> | null | undefined): string {
  return found === null || found === undefined ? "" : createHash("sha256").update(found.data).digest("hex");
}
