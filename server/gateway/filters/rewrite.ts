import { canonicalPath, type CanonicalPath } from "#domain/canonical-path.ts";
import { withPrefixReplaced } from "#domain/path-rewrite.ts";
import type { PathRewrite } from "#domain/route-actions.ts";
import type { RouteSpec } from "#domain/route.ts";
import { compileTemplate, type Lookup } from "#domain/value-template.ts";
import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";
import { parameterLookup } from "../request-values.ts";
import type { RequestFacts, Rewrite } from "../route-filters.ts";

/**
 * Decides which path and host are sent. What comes out is held to the same rules as what came in: no parameter smuggles
 * in a dot segment or an encoded slash.
 */
export const rewrite: Filter = (exchange, next) => {
  const plan = exchange.route?.rewrite ?? null;
  if (plan === null) return next(exchange);
  if (plan.authority !== null) exchange.sentAuthority = plan.authority;
  if (plan.path !== null) {
    const path = plan.path(exchange);
    if (path === null)
      return Promise.resolve(
        problem("BAD_REQUEST", { detail: "With what it holds, the path this route sends could be read in two ways." }),
      );
    exchange.sentPath = path;
  }
  return next(exchange);
};

export function compileRewrite(spec: RouteSpec): Rewrite | null {
  if (spec.rewriteHost === null && spec.rewritePath === null) return null;
  const path = spec.rewritePath === null ? null : sentPath(rewrittenPath(spec.rewritePath, spec), spec);
  return { authority: spec.rewriteHost, path };
}

type PathOf = (facts: RequestFacts) => CanonicalPath | null;

/** What comes in the place of the request's path; null when that could be read in two ways. */
export function rewrittenPath(path: PathRewrite, spec: RouteSpec): PathOf {
  const replaced =
    path.kind === "prefix"
      ? ({ head, match }: RequestFacts) => withPrefixReplaced(head.path, prefixOf(match, head.path), path.value)
      : compileTemplate(path.value, (name) => parameterLookup(name, spec));
  return (facts) => {
    const text = replaced(facts);
    return text === null ? null : canonicalPath(text);
  };
}

/** What the route's prefix took of a path: all of it, where the route matched otherwise. */
function prefixOf(match: RequestFacts["match"], path: string): string {
  const matched = match?.match.path;
  return matched?.kind === "prefix" ? matched.value.replace(/\/+$/, "") : path;
}

/** Nothing goes out that the route would not let in. */
function sentPath(pathOf: PathOf, { pathOptIns }: RouteSpec): Lookup<RequestFacts> {
  return (facts) => {
    const found = pathOf(facts);
    return found?.needs.every((need) => pathOptIns.includes(need)) === true ? found.path : null;
  };
}
