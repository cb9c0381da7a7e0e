"use client";

import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SimulationDraft } from "#domain/breaker-history.ts";
import { useTRPC } from "../../api/trpc.ts";

/** What is typed is tried this long after the last key, ms: each try reads hours of records. */
const SETTLE_MS = 700;

/**
 * Tries settings on the record, once they have not changed for a moment; null: not wanted yet, or not valid. The last report
 * stays while the next one is worked out.
 */
export function useSimulation(draft: SimulationDraft | null) {
  const trpc = useTRPC();
  const [settled, setSettled] = useState<SimulationDraft | null>(null);
  const behind = JSON.stringify(draft) !== JSON.stringify(settled);
  useEffect(() => {
    if (!behind) return;
    // The first time it was asked for, and is not waited with.
    const timer = setTimeout(() => setSettled(draft), settled === null ? 0 : SETTLE_MS);
    return () => clearTimeout(timer);
  }, [behind, draft, settled]);
  const report = useQuery(
    trpc.breakers.simulate.queryOptions(settled ?? skipToken, {
      placeholderData: keepPreviousData,
      // The record grows, but a report that changes while it is read helps nobody.
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  return { report, running: (draft !== null && behind) || report.isFetching };
}
