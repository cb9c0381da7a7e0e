import { canonicalPath } from "#domain/canonical-path.ts";
import { parameterPlaces, segmentAt } from "#domain/path-parameters.ts";
import { withPrefixReplaced } from "#domain/path-rewrite.ts";
import type { PathRewrite, Redirect } from "#domain/route-actions.ts";
import type { RouteMatch } from "#domain/route-conditions.ts";
import { compileTemplate, pathParameterIn } from "#domain/value-template.ts";
import type { ReadRequest } from "./read-request.ts";

/** The path that takes the request's place; null when that could be read in two ways, so that the answer is 400. */
export function rewrittenPath(rewrite: PathRewrite, match: RouteMatch, request: ReadRequest): string | null {
  const text =
    rewrite.kind === "prefix"
      ? withPrefixReplaced(request.path, prefixOf(match, request.path), rewrite.value)
      : compileTemplate<RouteMatch>(
          rewrite.value,
          (name) => (matched) => parameterOf(name, matched, request.path),
        )(match);
  return text === null ? null : (canonicalPath(text)?.path ?? null);
}

/** Where a redirect sends the caller. What it does not say stays as the request had it, the query always. */
export function redirectTarget(redirect: Redirect, match: RouteMatch, request: ReadRequest): string | null {
  const path = redirect.path === null ? request.path : rewrittenPath(redirect.path, match, request);
  if (path === null) return null;
  const own = /:(\d+)$/.exec(request.authority)?.[1] ?? null;
  const port = redirect.port?.toString() ?? (redirect.scheme === null ? own : null);
  const scheme = redirect.scheme ?? "http";
  const suffix = port === null || port === (scheme === "https" ? "443" : "80") ? "" : `:${port}`;
  return `${scheme}://${redirect.host ?? request.host}${suffix}${path}${request.search}`;
}

/** The value of a header as it is written, as far as it is known before a request is made; the rest stays a placeholder. */
export function headerValue(template: string, routeId: string, match: RouteMatch, request: ReadRequest): string {
  const known: Readonly<Record<string, string>> = {
    "request.host": request.host,
    "request.path": request.path,
    "request.method": request.method,
    caller: request.caller,
    route: routeId,
  };
  const filled = compileTemplate<RouteMatch>(template, (name) => (matched) => {
    const parameter = pathParameterIn(name);
    return parameter === null ? (known[name] ?? `{${name}}`) : parameterOf(parameter, matched, request.path);
  })(match);
  return filled ?? "left out: the path has no such parameter";
}

function prefixOf(match: RouteMatch, path: string): string {
  return match.path.kind === "prefix" ? match.path.value.replace(/\/+$/, "") : path;
}

function parameterOf(name: string, match: RouteMatch, path: string): string | null {
  if (match.path.kind !== "template") return null;
  const place = parameterPlaces(name, [match.path.value]).get(match.path.value);
  return place === undefined ? null : segmentAt(path, place);
}
