"use client";

import { LockOpen, ShieldCheck } from "lucide-react";
import type { LivePicture, ZooKeeperLink } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { formatLatency, NO_VALUE } from "../format/number.ts";
import { formatAgo, formatSpan } from "../format/time.ts";
import { LinkBadge } from "../gateways/link-badge.tsx";
import { useServerNow } from "../live/use-now.ts";
import { Badge } from "../ui/badge.tsx";
import { Panel } from "../ui/panel.tsx";
import { Stat } from "../ui/stat.tsx";
import { AccessWords } from "./access-words.tsx";
import { counted } from "./counted.ts";
import { FullPassStat } from "./full-pass-stat.tsx";
import { gatewayProgress } from "#domain/gateway-progress.ts";

const SESSIONS: Readonly<Record<ZooKeeperLink["session"], string>> = {
  connecting: "connecting for the first time",
  live: "session live",
  suspended: "connection gone, the session may still live",
  lost: "session over, a new one is being opened",
};

/** What is where: revisions, who publishes, the links it depends on, how long edits take. */
export function SyncFigures({ picture }: { picture: LivePicture }) {
  const { sync, links } = picture;
  const nowMs = useServerNow();
  const live = picture.gateways.map((gateway) => gatewayProgress(gateway, sync)).filter(({ isLive }) => isLive);
  const applied = live.map(({ revision }) => revision);
  const known = applied.filter((revision) => revision !== null);
  const waiting = sync.savedRevision - (sync.publishedRevision ?? 0);
  const isAway = links.zookeeper.state !== "up";
  const { propagation } = sync;
  return (
    <Panel title="Figures" className="live">
      <dl className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-3 xl:grid-cols-5">
        <Stat label="Saved revision">{sync.savedRevision}</Stat>
        <Stat label="Published revision">
          {sync.publishedRevision ?? (isAway || sync.halt !== null ? "not known" : "none")}
          {!isAway && sync.halt === null && waiting > 0 && <Small tone="warn">{waiting} waiting</Small>}
          {sync.halt?.kind === "foreign" && <Small tone="warn">another database&rsquo;s</Small>}
          {sync.halt?.kind === "behind" && <Small tone="warn">later than the database&rsquo;s</Small>}
        </Stat>
        <Stat label="Applied by every gateway">
          {known.length === 0 || known.length < applied.length ? "none" : Math.min(...known)}
          <Small>{counted(live.length, "gateway", "gateways")}</Small>
        </Stat>
        <Stat label="Edits published within">
          <Spread times={propagation.published} />
        </Stat>
        <Stat label="Applied everywhere within">
          <Spread times={propagation.applied} />
          {propagation.applied !== null && <Small>of the last {counted(propagation.edits, "edit", "edits")}</Small>}
        </Stat>
        <Stat label="Published by">
          {sync.leader ?? "nobody is elected"}
          <Small>{sync.leader === picture.consoleId ? "this console" : `this console is ${picture.consoleId}`}</Small>
        </Stat>
        <Stat label="ZooKeeper">
          <LinkBadge link={links.zookeeper} />
          <SessionWords link={links.zookeeper} nowMs={nowMs} />
        </Stat>
        <Stat label="Access to the nodes">
          <AccessBadge access={links.zookeeper.access} />
          <AccessWords lists={links.zookeeper.accessLists} />
          {links.zookeeper.denied !== null && (
            <Small tone="warn">
              refused: <bdi className="font-mono break-all">{plainText(links.zookeeper.denied)}</bdi>
            </Small>
          )}
          {links.zookeeper.access === "open" && (
            <Small>
              Whoever reaches ZooKeeper may change them. Set <code className="font-mono">ZOOKEEPER_AUTH</code> to close
              it; docs/zookeeper.md says how.
            </Small>
          )}
        </Stat>
        <Stat label="PostgreSQL">
          <LinkBadge link={links.database} />
          {links.database.state !== "up" && <Small>for {formatSpan(nowMs - links.database.sinceMs)}</Small>}
        </Stat>
        <FullPassStat pass={sync.lastFullPass} leader={sync.leader} nowMs={nowMs} />
      </dl>
    </Panel>
  );
}

function Small({ tone = "quiet", children }: { tone?: "quiet" | "warn"; children: React.ReactNode }) {
  return (
    <div className={tone === "warn" ? "text-sm font-normal text-warn" : "text-sm font-normal text-ink-3"}>
      {children}
    </div>
  );
}

function Spread({ times }: { times: { readonly p50Ms: number; readonly p99Ms: number } | null }) {
  if (times === null) return NO_VALUE;
  return (
    <>
      {formatLatency(times.p50Ms)}
      <Small>half of them; 99 of 100 within {formatLatency(times.p99Ms)}</Small>
    </>
  );
}

function SessionWords({ link, nowMs }: { link: ZooKeeperLink; nowMs: number }) {
  return (
    <Small>
      {SESSIONS[link.session]}
      {link.server !== null && (
        <>
          {" "}
          with <span className="font-mono">{link.server}</span>
        </>
      )}
      {link.session !== "live" && `, for ${formatSpan(nowMs - link.sinceMs)}`}
      {link.lastAnswerAtMs > 0 && `; last answer ${formatAgo(link.lastAnswerAtMs, nowMs)}`}
      {link.epoch > 1 && `; ${counted(link.epoch - 1, "session", "sessions")} lost before`}
    </Small>
  );
}

function AccessBadge({ access }: { access: ZooKeeperLink["access"] }) {
  return access === "open" ? (
    <Badge tone="warn" icon={LockOpen}>
      Open
    </Badge>
  ) : (
    <Badge tone="good" icon={ShieldCheck}>
      By credentials
    </Badge>
  );
}
