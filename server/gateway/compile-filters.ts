import type { RouteSpec } from "#domain/route.ts";
import { compileAnswer } from "./filters/answer-directly.ts";
import { compileHeaderChanges } from "./filters/change-headers.ts";
import { compileCors } from "./filters/cors.ts";
import { compileFaults } from "./filters/inject-faults.ts";
import { compileRewrite } from "./filters/rewrite.ts";
import type { RouteFilters } from "./route-filters.ts";

type SpecFilters = Omit<RouteFilters, "rateLimits" | "mirror">;

/** A route that nobody edited is the same object in the next snapshot: of thousands, one publication changes one. */
const compiled = new WeakMap<RouteSpec, SpecFilters>();

/** Everything of a route's filters that follows from its spec alone. */
export function compileFilters(spec: RouteSpec): SpecFilters {
  const known = compiled.get(spec);
  if (known !== undefined) return known;
  const filters = {
    cors: compileCors(spec.cors),
    answer: compileAnswer(spec.answer, spec),
    rewrite: compileRewrite(spec),
    faults: compileFaults(spec.faults),
    requestHeaders: compileHeaderChanges(spec.requestHeaders, spec),
    responseHeaders: compileHeaderChanges(spec.responseHeaders, spec),
  };
  compiled.set(spec, filters);
  return filters;
}
