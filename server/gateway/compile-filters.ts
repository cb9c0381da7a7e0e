import type { RouteSpec } from "#domain/route.ts";
import { compileAnswer } from "./filters/answer-directly.ts";
import { compileHeaderChanges } from "./filters/change-headers.ts";
import { compileCors } from "./filters/cors.ts";
import { compileFaults } from "./filters/inject-faults.ts";
import { compileRewrite } from "./filters/rewrite.ts";
import type { RouteFilters } from "./route-filters.ts";

/** Everything of a route's filters that follows from its spec alone. */
export function compileFilters(spec: RouteSpec): Omit<RouteFilters, "rateLimits" | "mirror"> {
  return {
    cors: compileCors(spec.cors),
    answer: compileAnswer(spec.answer, spec),
    rewrite: compileRewrite(spec),
    faults: compileFaults(spec.faults),
    requestHeaders: compileHeaderChanges(spec.requestHeaders, spec),
    responseHeaders: compileHeaderChanges(spec.responseHeaders, spec),
  };
}
