"use client";

import { Server } from "lucide-react";
import { useMemo } from "react";
import { ViewerNote } from "../identity/viewer-note.tsx";
import { useLive } from "../live/live-provider.tsx";
import { LeftOut } from "../services/left-out.tsx";
import { RegistryTabs } from "../services/registry-tabs.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { FacetBar } from "./facet-bar.tsx";
import { FACET_ORDER, hasFacets, searchWords } from "./instance-filter.ts";
import { rowsOf, type InstanceRow, type SettingsOf } from "./instance-row.ts";
import { InstancesList } from "./instances-list.tsx";
import { UnreadableNotice } from "./unreadable-notice.tsx";
import { useFacets } from "./use-instance-address.ts";
import { useInstanceSettings } from "./use-instance-settings.ts";

const nothingSet: SettingsOf = () => NOTHING;
const NOTHING: ReturnType<SettingsOf> = {};
const NONE: readonly InstanceRow[] = [];

/** All instances of all services. What is shown of them is in the address. */
export function InstancesPage() {
  const { picture } = useLive();
  const settingsOf = useInstanceSettings();
  const filter = useTextFilter();
  const { choice, choose } = useFacets();
  const rows = useMemo(
    () => (picture === null ? NONE : rowsOf(picture.services, settingsOf ?? nothingSet, picture.atMs)),
    [picture, settingsOf],
  );
  const isSearched = filter.text.trim() !== "";
  const matching = rows.filter((row) => hasFacets(row, choice) && (!isSearched || filter.matches(...searchWords(row))));
  const total = `${rows.length.toLocaleString("en")} in ${new Set(rows.map(({ service }) => service)).size.toString()} services`;
  const showAll = (): void => {
    filter.setText("");
    for (const facet of FACET_ORDER) choose(facet, null);
  };
  return (
    <>
      <PageHeader
        title="Instances"
        note={
          picture === null
            ? "Waiting for the first picture"
            : matching.length === rows.length
              ? total
              : `${matching.length.toLocaleString("en")} of ${total}`
        }
        actions={
          <>
            <RegistryTabs />
            <SearchInput label="Search instances" value={filter.text} onChange={filter.setText} />
          </>
        }
      />
      <ViewerNote className="mb-3" />
      {rows.length > 0 && <FacetBar rows={rows} choice={choice} choose={choose} />}
      {picture !== null && <UnreadableNotice services={picture.services} />}
      <Panel padded={false} className="live">
        {picture === null && <SkeletonRows />}
        {picture !== null && rows.length === 0 && (
          <EmptyState icon={Server} title="No instance is registered">
            Instances appear when they register in ZooKeeper, under the names of their services.
          </EmptyState>
        )}
        {rows.length > 0 && matching.length === 0 && (
          <EmptyState icon={Server} title="No instance matches" action={<Button onClick={showAll}>Show all</Button>}>
            {`There are ${rows.length.toLocaleString("en")}. Search for something else, or show all.`}
          </EmptyState>
        )}
        {picture !== null && <LeftOut truncated={picture.registryTruncated} />}
        {picture !== null && rows.length > 0 && (
          <InstancesList
            caption="Instances"
            all={rows}
            matching={matching}
            atMs={picture.atMs}
            firstColumn="service"
            withService
          />
        )}
      </Panel>
    </>
  );
}
