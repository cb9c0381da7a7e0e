import type { RequestKey } from "#domain/route-actions.ts";
import type { MatchRequest } from "#domain/route-match.ts";

/** What a request is told apart by; null when it has no such thing. */
export function requestKey(key: RequestKey, request: MatchRequest, remoteAddress: string): string | null {
  switch (key.kind) {
    case "address":
      return remoteAddress;
    case "caller":
      return request.caller;
    case "header":
      return request.header(key.name) ?? null;
    case "cookie":
      return request.cookie(key.name) ?? null;
    case "query":
      return request.query(key.name) ?? null;
  }
}
