/**
 * JSON with object keys sorted and no white space, so that equal values have equal bytes (after RFC 8785, for the
 * values we publish: no NaN, no Infinity, no bigint). `undefined` members are left out, as JSON.stringify does.
 * @throws TypeError for a number JSON cannot carry.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError("JSON has no NaN or Infinity");
    return `${value}`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  let text = "";
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      text += `${text === "" ? "" : ","}${canonicalJson(item ?? null)}`;
    }
    return `[${text}]`;
  }
  const members: Record<string, unknown> = { ...value };
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member !== undefined) text += `${text === "" ? "" : ","}${quoted(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** ASCII without what JSON escapes: nearly everything we publish, and quicker to tell than to let it be written. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
