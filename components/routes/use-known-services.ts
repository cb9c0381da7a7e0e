"use client";

import { useMemo } from "react";
import { useLive } from "../live/live-provider.tsx";

/** Names in the registry, as the checks of routes want them; null before the first picture. The same object while they are the same. */
export function useKnownServices(): { readonly services: ReadonlySet<string> } | null {
  const { picture } = useLive();
  const names = picture === null ? null : JSON.stringify(picture.services.map(({ name }) => name));
  return useMemo(() => {
    const known: unknown = names === null ? null : JSON.parse(names);
    return Array.isArray(known) ? { services: new Set(known.map(String)) } : null;
  }, [names]);
}
