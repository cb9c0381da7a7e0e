"use client";

import { freshnessOf } from "../live/freshness.ts";
import { useLive } from "../live/live-provider.tsx";
import { useNow } from "../live/use-now.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { MeshFigures } from "./mesh-figures.tsx";
import { OverridesPanel } from "./overrides-panel.tsx";
import { RecentChanges } from "./recent-changes.tsx";
import { SyncPanel } from "./sync-panel.tsx";
import { TroubleList } from "./trouble-list.tsx";
import { useTroubles } from "./use-troubles.ts";
import { VerdictBanner } from "./verdict-banner.tsx";

/** What is wrong now, worst first; what changed lately, what is held by hand, and how far policy has come. */
export function OverviewPage() {
  const live = useLive();
  const stale = freshnessOf(live, useNow()).kind === "silent";
  const mesh = useTroubles();
  const { picture } = live;
  return (
    <>
      <PageHeader title="Overview" />
      {picture === null || mesh === null ? (
        <div role="status" aria-label="Loading" className="flex flex-col gap-4">
          <Skeleton className="h-20 rounded-lg" />
          <Skeleton className="h-36 rounded-lg" />
          <Skeleton className="h-64 rounded-lg" />
        </div>
      ) : (
        <div className="flex flex-col gap-4">
          <VerdictBanner mesh={mesh} picture={picture} stale={stale} />
          <div className="grid gap-4 xl:grid-cols-3">
            <div className="flex min-w-0 flex-col gap-4 xl:col-span-2">
              <TroubleList mesh={mesh} />
              <MeshFigures picture={picture} />
              <RecentChanges />
            </div>
            <div className="flex min-w-0 flex-col gap-4">
              <SyncPanel picture={picture} />
              <OverridesPanel />
            </div>
          </div>
        </div>
      )}
    </>
  );
}
