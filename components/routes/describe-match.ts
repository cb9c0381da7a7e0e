import type { RouteMatch, ValueMatch } from "#domain/route-conditions.ts";

function condition(what: string, name: string, match: ValueMatch): string {
  switch (match.kind) {
    case "present":
      return `with ${what} ${name}`;
    case "absent":
      return `without ${what} ${name}`;
    case "exact":
      return `${what} ${name} = ${match.value}`;
    case "prefix":
      return `${what} ${name} = ${match.value}…`;
    case "regex":
      return `${what} ${name} ~ ${match.value}`;
  }
}

/** One match in words: `GET /stock exactly, header x-canary = yes`. */
export function describeMatch(match: RouteMatch): string {
  const { kind, value } = match.path;
  const path = kind === "exact" ? `${value} exactly` : value === "/" ? "any path" : `${value} and below`;
  const methods = match.methods.length === 0 ? path : `${match.methods.join(", ")} ${path}`;
  return [
    methods,
    ...match.headers.map((header) => condition("header", header.name, header.match)),
    ...match.query.map((query) => condition("query", query.name, query.match)),
  ].join(", ");
}
