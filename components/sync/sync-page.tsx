"use client";

import { CircleAlert, CircleCheck, Router, TriangleAlert } from "lucide-react";
import type { LivePicture } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { links } from "../links.ts";
import { useLive } from "../live/live-provider.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { BlockedPanel } from "./blocked-panel.tsx";
import { HaltSection } from "./choice/halt-section.tsx";
import { DriftPanel } from "./drift/drift-panel.tsx";
import { useDriftedKeys } from "./drift/use-standing-drift.ts";
import { EditsPanel } from "./edits-panel.tsx";
import { RefusedPanel } from "./refused-panel.tsx";
import { SyncFigures } from "./sync-figures.tsx";
import { SyncGateways } from "./sync-gateways.tsx";
import { syncVerdict } from "./sync-verdict.ts";

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
  const { sync, gateways, links: connections } = picture;
  const driftedKeys = useDriftedKeys();
  return (
    <div className="flex flex-col gap-4">
      <Verdict picture={picture} driftedKeys={driftedKeys} />
      {sync.halt !== null && <HaltSection halt={sync.halt} />}
      <BlockedPanel blocked={sync.blocked} />
      <RefusedPanel gateways={gateways} driftedKeys={driftedKeys} />
      <SyncFigures picture={picture} />
      <Panel
        title="Gateways"
        note={
          connections.zookeeper.state === "up" ? undefined : "as they said when ZooKeeper last answered; it is away"
        }
        padded={false}
        className="live"
        actions={
          <ButtonLink href={links.gateways()} size="sm">
            How each is doing
          </ButtonLink>
        }
      >
        {gateways.length === 0 ? (
          <EmptyState icon={Router} title="No gateway is registered">
            Start one with <code className="font-mono text-sm">npm run gateway</code>, pointed at the same ZooKeeper.
          </EmptyState>
        ) : (
          <SyncGateways gateways={gateways} sync={sync} />
        )}
      </Panel>
      <DriftPanel mode={sync.driftMode} />
      <EditsPanel />
    </div>
  );
}

const TONES = {
  good: { icon: CircleCheck, box: "border-good/40 bg-good-tint", mark: "text-good" },
  warn: { icon: TriangleAlert, box: "border-warn/40 bg-warn-tint", mark: "text-warn" },
  bad: { icon: CircleAlert, box: "border-bad/40 bg-bad-tint", mark: "text-bad" },
} as const;

function Verdict({ picture, driftedKeys }: { picture: LivePicture; driftedKeys: ReadonlySet<string> }) {
  const [first, ...more] = syncVerdict(picture, driftedKeys);
  const { icon: Icon, box, mark } = TONES[first.tone];
  return (
    <div role="status" aria-label="Verdict" className={cn("live flex gap-2.5 rounded-lg border px-4 py-3", box)}>
      <Icon aria-hidden className={cn("mt-0.5 size-5 shrink-0", mark)} />
      <div className="min-w-0">
        <p className="text-lg font-semibold break-words">{plainText(first.text)}</p>
        {more.map(({ text }) => (
          <p key={text} className="break-words text-ink-2">
            {plainText(text)}
          </p>
        ))}
      </div>
    </div>
  );
}
