import type { RequestKey } from "#domain/route-actions.ts";
import type { RouteSpec } from "#domain/route.ts";
import { subsetName } from "#domain/service.ts";
import { stableHash } from "#domain/stable-hash.ts";
import { stickyChoice } from "#domain/sticky-choice.ts";
import { destinationName } from "#domain/destination-name.ts";
import { sharesOf } from "../routes/weights.ts";
import type { ReadRequest } from "./read-request.ts";

export interface DestinationShare {
  readonly name: string;
  readonly service: string;
  readonly weight: number;
  /** 0 … 1. */
  readonly share: number;
  /** What it bids for sticky keys with. */
  readonly seed: number;
}

/** Where a route's requests go. Destinations that name the same subset twice are one, as for the gateway. */
export function destinationShares({ destinations }: RouteSpec): readonly DestinationShare[] {
  const merged = new Map<string, Omit<DestinationShare, "share">>();
  for (const destination of destinations) {
    const name = destinationName(destination);
    const { service, weight } = destination;
    const seed = stableHash(`${service}|${subsetName(destination.labels)}`);
    merged.set(name, { name, service, weight: weight + (merged.get(name)?.weight ?? 0), seed });
  }
  const each = [...merged.values()];
  const shares = sharesOf(each.map(({ weight }) => weight));
  return each.map((destination, at) => ({ ...destination, share: shares[at] ?? 0 }));
}

/** Where a sticky route sends this very request: its name; or why that cannot be told here. */
export type StickyAnswer =
  | { readonly kind: "goes-to"; readonly name: string; readonly key: string }
  | { readonly kind: "no-key" }
  | { readonly kind: "unknown" };

/** The gateways' own choice for the key the request has. */
export function stickyAnswer(spec: RouteSpec, key: RequestKey, request: ReadRequest): StickyAnswer {
  // Whose address it will be is not part of what is typed.
  if (key.kind === "address") return { kind: "unknown" };
  const value = keyValue(key, request);
  if (value === undefined) return { kind: "no-key" };
  const shares = destinationShares(spec);
  const name = shares[stickyChoice(shares, stableHash(value))]?.name;
  return name === undefined ? { kind: "unknown" } : { kind: "goes-to", name, key: value };
}

function keyValue(key: Exclude<RequestKey, { kind: "address" }>, request: ReadRequest): string | undefined {
  switch (key.kind) {
    case "caller":
      return request.caller;
    case "header":
      return request.header(key.name);
    case "cookie":
      return request.cookie(key.name);
    case "query":
      return request.query(key.name);
  }
}
