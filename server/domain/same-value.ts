type Fields = Readonly<Record<string, unknown>>;

/** True when two plain values (what JSON can say) are equal in every part. Order of keys does not matter. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other);
  return !Array.isArray(other) && hasSameFields(one as Fields, other as Fields);
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (!isSameValue(one[at], other[at])) return false;
  return true;
}

/** Called for each breaker and gateway once a second, hence without lists of entries. */
function hasSameFields(one: Fields, other: Fields): boolean {
  let left = 0;
  for (const name in one) {
    if (!isSameValue(one[name], other[name])) return false;
    left += 1;
  }
  for (const _ in other) left -= 1;
  return left === 0;
}
