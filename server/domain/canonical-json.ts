/**
 * JSON with object keys sorted and no white space, so that equal values have equal bytes (after RFC 8785, for the
 * values we publish: no NaN, no Infinity, no bigint). `undefined` members are left out, as JSON.stringify does.
 * @throws TypeError for a number JSON cannot carry.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("JSON has no NaN or Infinity");
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
