"use client";

import { useMemo } from "react";
import { links } from "../links.ts";
import { MarkerList } from "../overview/marker-list.tsx";
import { useRecentMarkers } from "../overview/use-markers.ts";
import { concernsAny } from "../signals/cluster-markers.ts";
import { ButtonLink } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";

const WEEK_MS = 7 * 24 * 3_600_000;
const EVERY_MS = 10_000;

/** What happened to a service in the last week: edits of what concerns it, breakers, overrides, drift, instances. */
export function ServiceChanges({ service, concerns }: { service: string; concerns: ReadonlySet<string> }) {
  const markers = useRecentMarkers(WEEK_MS, EVERY_MS);
  const { data } = markers;
  const own = useMemo(
    // Of those that come as numbers alone nobody knows whom they concern.
    () => data && { markers: data.markers.filter((marker) => concernsAny(marker, concerns)), more: [] },
    [data, concerns],
  );
  return (
    <Panel
      title="Its changes"
      note="last 7 days"
      padded={own === undefined && markers.isError}
      actions={
        <ButtonLink href={links.audit(service)} size="sm">
          In the log
        </ButtonLink>
      }
    >
      {own !== undefined ? (
        <>
          <MarkerList
            list={own}
            when="in the last 7 days"
            selected={`service:${service}`}
            empty="Edits of its routes and policies, breakers, overrides, and instances that come or go appear here."
          />
          {data !== undefined && data.more.length > 0 && (
            <p className="border-t border-line px-4 py-2 text-sm text-ink-3">
              More happened in the mesh than is listed at once; the log has all of it.
            </p>
          )}
        </>
      ) : markers.isError ? (
        <ErrorState error={markers.error} onRetry={() => void markers.refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </Panel>
  );
}
