"use client";

import { useMemo } from "react";
import { isSameValue } from "#domain/same-value.ts";
import { useLivePart } from "../live/live-provider.tsx";

/** Names in the registry, as the checks of routes want them; null before the first picture. The same object while they are the same. */
export function useKnownServices(): { readonly services: ReadonlySet<string> } | null {
  const names = useLivePart(({ picture }) => picture?.services.map(({ name }) => name) ?? null, isSameValue);
  return useMemo(() => (names === null ? null : { services: new Set(names) }), [names]);
}
