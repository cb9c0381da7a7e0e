/**
 * JSON with object keys sorted and no white space, so that equal values have equal bytes (after RFC 8785, for the
 * values we publish: no NaN, no Infinity, no bigint). `undefined` members are left out, as JSON.stringify does.
 * @throws TypeError for a number JSON cannot carry.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("JSON has no NaN or Infinity");
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members: Record<string, unknown> = { ...value };
    let text = "";
    for (const name of Object.keys(members).sort()) {
      const member = members[name];
      if (member !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
    }
    return `{${text}}`;
  }
  return JSON.stringify(value) ?? "null";
}
