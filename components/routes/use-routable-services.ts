"use client";

import { isSameValue } from "#domain/same-value.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { routableServices, routeRate } from "./known-services.ts";

/** Services of the registry that a route may point at; the same list for as long as they are the same. */
export function useRoutableServices(): readonly string[] {
  return useLivePart(({ picture }) => routableServices(picture), isSameValue);
}

/** How many requests a second a route carries now, refused ones included. */
export function useRouteRate(routeId: string): number {
  return useLivePart(({ picture }) => routeRate(picture, routeId));
}
