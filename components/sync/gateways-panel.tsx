"use client";

import { Router } from "lucide-react";
import { gatewayProgress } from "#domain/gateway-progress.ts";
import type { LivePicture } from "#domain/live.ts";
import { splitRefusals } from "#domain/refusals.ts";
import { useRecentDeliveries } from "../delivery/use-delivery-times.ts";
import { plainText } from "../diff/plain-text.ts";
import { formatCount } from "../format/number.ts";
import { links } from "../links.ts";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { GATEWAY_STATE_ORDER, GATEWAY_STATES, gatewayState } from "./gateway-state.ts";
import { SyncGateways } from "./sync-gateways.tsx";

interface GatewaysPanelProps {
  readonly picture: LivePicture;
  /** Objects whose nodes somebody else changed. */
  readonly driftedKeys: ReadonlySet<string>;
}

/** How far each gateway has come, what needs somebody first. */
export function GatewaysPanel({ picture, driftedKeys }: GatewaysPanelProps) {
  const { sync, gateways, links: connections } = picture;
  const edits = useRecentDeliveries().data ?? [];
  const filter = useTextFilter("gateway");
  const [wanted, setWanted] = useUrlState("state");
  const all = gateways
    .map((gateway) => gatewayProgress(gateway, sync))
    .map((gateway) => {
      const { published, drifted } = splitRefusals(gateway.refused, driftedKeys);
      return { ...gateway, refused: published, distrusted: drifted.length };
    })
    .map((gateway) => ({ ...gateway, state: gatewayState(gateway, sync.publishedRevision) }));
  const state = GATEWAY_STATE_ORDER.find((one) => one === wanted);
  const shown = all.filter(
    (gateway) =>
      (state === undefined || gateway.state === state) &&
      filter.matches(gateway.id, ...gateway.refused.flatMap(({ key, reason }) => [key, reason])),
  );
  const isAway = connections.zookeeper.state !== "up";
  return (
    <Panel
      title="Gateways"
      note={isAway ? "as they said when ZooKeeper last answered; it is away" : undefined}
      padded={false}
      className="live"
      actions={
        <div className="flex flex-wrap items-center justify-end gap-2">
          {gateways.length > 1 && (
            <>
              <NativeSelect
                aria-label="Which gateways"
                className="w-auto"
                value={state ?? ""}
                onChange={(event) => {
                  setWanted(event.target.value);
                }}
              >
                <option value="">All ({formatCount(all.length)})</option>
                {GATEWAY_STATE_ORDER.map((one) => {
                  const count = all.filter((gateway) => gateway.state === one).length;
                  if (count === 0 && one !== state) return null;
                  return (
                    <option key={one} value={one}>
                      {GATEWAY_STATES[one].option} ({formatCount(count)})
                    </option>
                  );
                })}
              </NativeSelect>
              <SearchInput label="Search gateways" value={filter.text} onChange={filter.setText} />
            </>
          )}
          <ButtonLink href={links.gateways()} size="sm">
            How each is doing
          </ButtonLink>
        </div>
      }
    >
      {gateways.length === 0 && (
        <EmptyState icon={Router} title="No gateway is registered">
          Start one with <code className="font-mono text-sm">npm run gateway</code>, pointed at the same ZooKeeper.
        </EmptyState>
      )}
      {gateways.length > 0 && shown.length === 0 && (
        <EmptyState
          icon={Router}
          title={
            filter.text.trim() === ""
              ? "No gateway is in that state now"
              : `No gateway matches “${plainText(filter.text)}”`
          }
        />
      )}
      {shown.length > 0 && <SyncGateways gateways={shown} edits={edits} />}
    </Panel>
  );
}
