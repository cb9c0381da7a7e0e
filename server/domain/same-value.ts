type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** True when two plain values (what JSON can say) are equal in every part. Order of keys does not matter. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other);
  return isObject(one) && isObject(other) && !Array.isArray(other) && hasSameFields(one, other);
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
