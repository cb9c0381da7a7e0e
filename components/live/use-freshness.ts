"use client";

import { useState, useSyncExternalStore } from "react";
import { freshnessOf, type Freshness } from "./freshness.ts";
import { useLiveStore } from "./live-provider.tsx";
import { onTick, tickedMs } from "./use-now.ts";

/** Whether the page may call itself live. The component renders again only when that changes, not as data grows older. */
export function useFreshnessKind(): Freshness["kind"] {
  const store = useLiveStore();
  const kind = (): Freshness["kind"] => freshnessOf(store.get(), tickedMs()).kind;
  const [subscribe] = useState(() => (listener: () => void) => {
    const forget = [onTick(listener), store.subscribe(listener)];
    return () => {
      for (const each of forget) each();
    };
  });
  return useSyncExternalStore(subscribe, kind, kind);
}
