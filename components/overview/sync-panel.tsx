"use client";

import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { gatewayProgress } from "#domain/gateway-progress.ts";
import { silentSinceMs } from "#domain/gateway-silence.ts";
import type { GatewayStatus, LivePicture } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { formatSpan } from "../format/time.ts";
import { links } from "../links.ts";
import { useDriftedKeys } from "../sync/drift/use-standing-drift.ts";
import { syncVerdict } from "../sync/sync-verdict.ts";
import { Badge } from "../ui/badge.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Panel } from "../ui/panel.tsx";

const MARKS = {
  good: { icon: CircleCheck, mark: "text-good" },
  warn: { icon: TriangleAlert, mark: "text-warn" },
  bad: { icon: CircleAlert, mark: "text-bad" },
} as const;

/** Gateways in full; of more, those that lag or are silent come first. */
const FIRST = 6;

/** Whether what is saved is what gateways do, and how far each has come. */
export function SyncPanel({ picture }: { picture: LivePicture }) {
  const { sync, gateways, atMs } = picture;
  const [first] = syncVerdict(picture, useDriftedKeys(), []);
  const { icon: Icon, mark } = MARKS[first.tone];
  const worst = gateways.toSorted((a, b) => lag(b, picture) - lag(a, picture) || (a.id < b.id ? -1 : 1));
  return (
    <Panel
      title="Sync"
      className="live"
      actions={
        <ButtonLink href={links.sync()} size="sm">
          All of it
        </ButtonLink>
      }
    >
      <p className="flex gap-2">
        <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", mark)} />
        <span className="min-w-0 break-words">{plainText(first.text)}.</span>
      </p>
      <dl className="mt-3 flex gap-6">
        <Revision label="Saved" revision={sync.savedRevision} />
        <Revision label="Published" revision={sync.publishedRevision} />
      </dl>
      <ul aria-label="Gateways" className="mt-3 flex flex-col gap-1">
        {worst.slice(0, FIRST).map((gateway) => (
          <GatewayLine key={gateway.id} gateway={gateway} picture={picture} atMs={atMs} />
        ))}
      </ul>
      {gateways.length > FIRST && (
        <p className="mt-1 text-sm text-ink-3">and {(gateways.length - FIRST).toString()} more gateways</p>
      )}
    </Panel>
  );
}

function Revision({ label, revision }: { label: string; revision: number | null }) {
  return (
    <div>
      <dt className="text-sm text-ink-3">{label} revision</dt>
      <dd className="font-medium tabular-nums">{revision ?? "not known"}</dd>
    </div>
  );
}

function GatewayLine({ gateway, picture, atMs }: { gateway: GatewayStatus; picture: LivePicture; atMs: number }) {
  const { isLive, isForeign, revision, refused } = gatewayProgress(gateway, picture.sync);
  const silentMs = silentSinceMs(gateway, atMs);
  const behind = (picture.sync.publishedRevision ?? 0) - (revision ?? 0);
  return (
    <li className="flex flex-wrap items-center gap-x-2">
      <span className="font-medium break-all">{gateway.id}</span>
      <span className="ml-auto flex flex-wrap items-center justify-end gap-1.5 text-sm text-ink-2">
        {silentMs !== null && <Badge tone="bad">silent for {formatSpan(atMs - silentMs)}</Badge>}
        {refused.length > 0 && <Badge tone="bad">refuses {refused.length.toString()}</Badge>}
        {!isLive ? (
          <Badge tone="off">left the registry</Badge>
        ) : isForeign ? (
          <Badge tone="warn">another database’s policy</Badge>
        ) : revision === null ? (
          <Badge tone="warn">nothing applied yet</Badge>
        ) : behind > 0 ? (
          <Badge tone="warn">{behind.toString()} behind</Badge>
        ) : (
          `applied ${revision.toString()}`
        )}
      </span>
    </li>
  );
}

function lag(gateway: GatewayStatus, { sync, atMs }: LivePicture): number {
  const { revision, isLive } = gatewayProgress(gateway, sync);
  const silent = silentSinceMs(gateway, atMs) === null ? 0 : 1_000_000_000;
  return silent + (isLive ? (sync.publishedRevision ?? 0) - (revision ?? 0) : 0);
}
