/** What a value may name of a request, besides `path.<parameter>`. */
const VALUE_NAMES = [
  "request.id",
  "request.host",
  "request.path",
  "request.method",
  "caller",
  "client.address",
  "route",
  "service",
  "instance",
] as const;
export type ValueName = (typeof VALUE_NAMES)[number];

const PARAMETER = /^path\.([A-Za-z_][A-Za-z0-9_]{0,31})$/;

/** Finds one value in a source; null when there is none. */
export type Lookup<Source> = (source: Source) => string | null;

/** Literal text, or the name of a value. */
type TemplatePart = string | { readonly name: string };

/** Takes a template apart at its `{names}`; `{{` is a brace. A string says what is wrong with it. */
export function templateParts(template: string): readonly TemplatePart[] | string {
  const parts: TemplatePart[] = [];
  let literal = "";
  for (let at = 0; at < template.length; at += 1) {
    if (template[at] !== "{") literal += template.charAt(at);
    else if (template[at + 1] === "{") {
      literal += "{";
      at += 1;
    } else {
      const end = template.indexOf("}", at);
      if (end === -1) return "A { begins a name such as {request.id}: close it, or write {{ for a brace";
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push({ name: template.slice(at + 1, end) });
      at = end;
    }
  }
  if (literal !== "") parts.push(literal);
  return parts;
}

/** Why a text is no template of a header's value, for its author; null when it is one. */
export function valueTemplateProblem(template: string): string | null {
  const parts = templateParts(template);
  if (typeof parts === "string") return parts;
  const unknown = parts.find(
    (part) => typeof part !== "string" && !isValueName(part.name) && !PARAMETER.test(part.name),
  );
  return unknown === undefined || typeof unknown === "string"
    ? null
    : `{${unknown.name}} is not known; known are ${VALUE_NAMES.map((name) => `{${name}}`).join(", ")}, {path.<parameter>}; write {{ for a brace`;
}

export function isValueName(name: string): name is ValueName {
  return VALUE_NAMES.some((known) => known === name);
}

/** The parameter a name such as `path.id` asks for, or null. */
export function pathParameterIn(name: string): string | null {
  return PARAMETER.exec(name)?.[1] ?? null;
}

/**
 * Makes a template ready: filling it in is then lookups and one concatenation. The result is null when one of its values
 * is missing, since half a value says something else than its author meant.
 */
export function compileTemplate<Source>(template: string, lookupOf: (name: string) => Lookup<Source>): Lookup<Source> {
  const parts = templateParts(template);
  if (typeof parts === "string") return () => null;
  const lookups = parts.map((part): Lookup<Source> => (typeof part === "string" ? () => part : lookupOf(part.name)));
  if (parts.every((part) => typeof part === "string")) {
    const text = parts.join("");
    return () => text;
  }
  return (source) => {
    let text = "";
    for (const lookup of lookups) {
      const value = lookup(source);
      if (value === null) return null;
      text += value;
    }
    return text;
  };
}
