"use client";

import { links } from "../links.ts";
import { ButtonLink } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { MarkerList } from "./marker-list.tsx";
import { useRecentMarkers } from "./use-markers.ts";

const HOUR_MS = 3_600_000;
const EVERY_MS = 5000;

/** What changed in the last hour, whoever or whatever did it. */
export function RecentChanges() {
  const markers = useRecentMarkers(HOUR_MS, EVERY_MS);
  return (
    <Panel
      title="What changed lately"
      note="last hour"
      padded={markers.data === undefined && markers.isError}
      actions={
        <ButtonLink href={links.audit()} size="sm">
          Whole log
        </ButtonLink>
      }
    >
      {markers.data !== undefined ? (
        <MarkerList
          list={markers.data}
          when="in the last hour"
          empty="Edits, overrides, breakers, drift, and instances and gateways that come or go appear here."
        />
      ) : markers.isError ? (
        <ErrorState error={markers.error} onRetry={() => void markers.refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </Panel>
  );
}
