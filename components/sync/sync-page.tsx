"use client";

import type { LivePicture } from "#domain/live.ts";
import { ViewerNote } from "../identity/viewer-note.tsx";
import { useLive } from "../live/live-provider.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { BlockedPanel } from "./blocked-panel.tsx";
import { HaltSection } from "./choice/halt-section.tsx";
import { DriftPanel } from "./drift/drift-panel.tsx";
import { useDriftedKeys } from "./drift/use-standing-drift.ts";
import { EditsPanel } from "./edits-panel.tsx";
import { GatewaysPanel } from "./gateways-panel.tsx";
import { RefusedPanel } from "./refused-panel.tsx";
import { SyncFigures } from "./sync-figures.tsx";
import { Verdict } from "./verdict.tsx";

/** Whether what is saved is what gateways do, how fast it gets there, and what stands in the way. */
export function SyncPage() {
  const { picture } = useLive();
  return (
    <>
      <PageHeader title="Sync" note="How policy travels from the database through ZooKeeper to every gateway" />
      {picture === null ? (
        <div role="status" aria-label="Loading" className="flex flex-col gap-4">
          <Skeleton className="h-12 rounded-lg" />
          <Skeleton className="h-48 rounded-lg" />
          <Skeleton className="h-48 rounded-lg" />
        </div>
      ) : (
        <Parts picture={picture} />
      )}
    </>
  );
}

function Parts({ picture }: { picture: LivePicture }) {
  const { sync, gateways } = picture;
  const driftedKeys = useDriftedKeys();
  return (
    <div className="flex flex-col gap-4">
      <Verdict picture={picture} driftedKeys={driftedKeys} />
      <ViewerNote />
      {sync.halt !== null && <HaltSection halt={sync.halt} />}
      <BlockedPanel blocked={sync.blocked} />
      <RefusedPanel gateways={gateways} driftedKeys={driftedKeys} />
      <SyncFigures picture={picture} />
      <GatewaysPanel picture={picture} driftedKeys={driftedKeys} />
      <DriftPanel mode={sync.driftMode} />
      <EditsPanel />
    </div>
  );
}
