/** What the oracle reads of a document or a head, without judging whether it is acceptable. */
export interface Peeked {
  readonly incarnation: string;
  readonly revision: number;
  /** A head's number of live documents; 0 for a document. */
  readonly count: number;
  readonly isTombstone: boolean;
}

const known = new WeakMap<Buffer, Peeked | null>();

/** Null for what is neither. */
export function peek(data: Buffer): Peeked | null {
  const cached = known.get(data);
  if (cached !== undefined) return cached;
  const peeked = parse(data);
  known.set(data, peeked);
  return peeked;
}

function parse(data: Buffer): Peeked | null {
  let value: unknown;
  try {
    value = JSON.parse(data.toString());
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("incarnation" in value) || !("revision" in value)) return null;
  return {
    incarnation: String(value.incarnation),
    revision: Number(value.revision),
    count: "count" in value ? Number(value.count) : 0,
    isTombstone: "spec" in value && value.spec === null,
  };
}
