"use client";

import { LockOpen } from "lucide-react";
import { useState } from "react";
import type { BlockedNode } from "#domain/publishing.ts";
import { plainText } from "../diff/plain-text.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { SortableTh, Table, Td, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { useTextFilter } from "../ui/use-text-filter.ts";

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 8;

/** Nodes that ZooKeeper does not let the publisher write, and what helps. Nothing while there is none. */
export function BlockedPanel({ blocked }: { blocked: readonly BlockedNode[] }) {
  const filter = useTextFilter("blocked");
  const [all, setAll] = useState(false);
  const matching = blocked.filter(({ path, problem }) => filter.matches(path, problem));
  const { sorted, sorting } = useSorted(
    matching,
    { path: ({ path }) => path, problem: ({ problem }) => problem },
    "path",
  );
  if (blocked.length === 0) return null;
  return (
    <Panel
      title="Blocked nodes"
      note="ZooKeeper refuses to have them written"
      padded={false}
      className="live"
      actions={
        blocked.length > FIRST_ROWS && (
          <SearchInput label="Search blocked nodes" value={filter.text} onChange={filter.setText} />
        )
      }
    >
      <p className="max-w-[80ch] px-4 pt-3 text-ink-2">
        Gateways keep what they have of these objects; all others are published. Give the console&rsquo;s credentials
        the permission to write them (in ZooKeeper&rsquo;s own client: <code className="font-mono text-sm">getAcl</code>{" "}
        and <code className="font-mono text-sm">setAcl</code>), or delete the node there. It is tried again with every
        comparison.
      </p>
      {matching.length === 0 ? (
        <EmptyState icon={LockOpen} title={`No blocked node matches “${plainText(filter.text)}”`} />
      ) : (
        <Table caption="Blocked nodes">
          <thead>
            <tr>
              <SortableTh column="path" sorting={sorting}>
                Node
              </SortableTh>
              <SortableTh column="problem" sorting={sorting}>
                Why
              </SortableTh>
            </tr>
          </thead>
          <tbody>
            {(all ? sorted : sorted.slice(0, FIRST_ROWS)).map(({ path, problem }) => (
              <Tr key={path}>
                <Td className="min-w-56 align-top font-mono text-sm break-all">
                  <bdi>{plainText(path)}</bdi>
                </Td>
                <Td className="min-w-64 align-top break-words text-bad">{plainText(problem)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {sorted.length > FIRST_ROWS && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
    </Panel>
  );
}
