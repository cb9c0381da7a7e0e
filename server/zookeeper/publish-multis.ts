import type { PolicyDocument } from "#domain/policy.ts";
import type { BlockedNode } from "#domain/publishing.ts";
import { encodeDocument } from "./codec.ts";
import { isCode } from "./failure.ts";
import { requestBytes, type MultiOp, type NodeOperations } from "./operations.ts";
import { paths } from "./paths.ts";

export interface DocumentWrite {
  readonly document: PolicyDocument;
  /** Expected version; null: create. */
  readonly version: number | null;
}

export interface BatchLimits {
  readonly bytes: number;
  readonly operations: number;
}

/** Half of what a server takes: the rest is room for what is not counted. */
const BATCH_LIMITS: BatchLimits = { bytes: 512 * 1024, operations: 1000 };

/** The operation of every multi that fails it when our candidate node is gone: a console that does not lead cannot write. */
export function fenceOf(candidate: string): MultiOp {
  return { kind: "check", path: candidate, version: -1 };
}

/**
 * The multis that carry a plan out, one when it fits. Each begins with the fence. The head is set by the last one only,
 * so gateways look when everything is there.
 */
export function toMultis(
  root: string,
  candidate: string,
  writes: readonly DocumentWrite[],
  head: MultiOp,
  limits: BatchLimits = BATCH_LIMITS,
): readonly (readonly MultiOp[])[] {
  const ops = writes.map((write) => toOp(root, write));
  return inBatches(fenceOf(candidate), ops, head, limits);
}

/** Multis that begin with the fence and hold all of these; `last`, if any, ends the last. */
export function inBatches(
  fence: MultiOp,
  ops: readonly MultiOp[],
  last: MultiOp | null,
  limits: BatchLimits = BATCH_LIMITS,
): readonly (readonly MultiOp[])[] {
  const ending = last === null ? [] : [last];
  const batches: MultiOp[][] = [];
  let batch: MultiOp[] = [fence];
  // Room for the ending is kept in every batch: which one is the last is known at the end.
  const overhead = requestBytes([fence, ...ending]);
  let bytes = overhead;
  for (const op of ops) {
    const size = requestBytes([op]);
    if (batch.length > 1 && (bytes + size > limits.bytes || batch.length + 1 + ending.length > limits.operations)) {
      batches.push(batch);
      batch = [fence];
      bytes = overhead;
    }
    batch.push(op);
    bytes += size;
  }
  return [...batches, [...batch, ...ending]];
}

function toOp(root: string, write: DocumentWrite): MultiOp {
  const path = paths.document(root, write.document.key);
  const data = encodeDocument(write.document);
  return write.version === null ? { kind: "create", path, data } : { kind: "set", path, data, version: write.version };
}

/** Nodes that turn out not to be deletable in one go; more wait for the next. */
const KEPT_MAX = 50;

/**
 * Deletes nodes in fenced multis. One that has nodes below it, or is closed to us, is kept, and keeps none of the others.
 * @throws ZooKeeperFailure.
 */
export async function removeAll(
  zk: Pick<NodeOperations, "multi">,
  candidate: string,
  removals: readonly MultiOp[],
): Promise<{ readonly removed: number; readonly kept: readonly BlockedNode[] }> {
  let left = [...removals];
  let removed = 0;
  const kept: BlockedNode[] = [];
  while (left.length > 0 && kept.length < KEPT_MAX) {
    const [multi = []] = inBatches(fenceOf(candidate), left, null);
    try {
      await zk.multi(multi);
      left = left.slice(multi.length - 1);
      removed += multi.length - 1;
    } catch (error) {
      if (!isCode(error, "NOT_EMPTY", "NO_AUTH")) throw error;
      const op = multi[error.opIndex ?? 0];
      if (op?.kind !== "remove") throw error;
      kept.push({
        path: op.path,
        problem: `Its object was removed, and ZooKeeper does not let us delete it: ${error.code}`,
      });
      left = left.filter((other) => other !== op);
    }
  }
  return { removed, kept };
}
