import type { MatchRequest } from "#domain/route-match.ts";

/** The method a CORS preflight asks for (Fetch standard, CORS-preflight request); null for every other request. */
export function preflightMethod(request: MatchRequest): string | null {
  if (request.method !== "OPTIONS" || request.header("origin") === undefined) return null;
  return request.header("access-control-request-method") ?? null;
}
