import type { PathMatch, RouteMatch, ValueMatch } from "#domain/route-conditions.ts";

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

function describePath({ kind, value }: PathMatch): string {
  switch (kind) {
    case "exact":
      return `${value} exactly`;
    case "prefix":
      return value === "/" ? "any path" : `${value} and below`;
    case "template":
      return value;
    case "regex":
      return `paths ~ ${value}`;
  }
}

/** One match in words: `GET /stock exactly, header x-canary = yes`. */
export function describeMatch(match: RouteMatch): string {
  const path = describePath(match.path);
  return [
    match.methods.length === 0 ? path : `${match.methods.join(", ")} ${path}`,
    ...match.headers.map((header) => condition("header", header.name, header.match)),
    ...match.query.map((query) => condition("query", query.name, query.match)),
    ...match.cookies.map((cookie) => condition("cookie", cookie.name, cookie.match)),
    ...(match.callers.length === 0 ? [] : [`from ${match.callers.join(", ")}`]),
  ].join(", ");
}
