"use client";

import { CircleCheck } from "lucide-react";
import { useState } from "react";
import type { GatewayStatus } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { someNames } from "../format/names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { PolicyName } from "./policy-name.tsx";
import { policyPlace } from "./policy-place.ts";
import { refusedDocuments } from "./refused-documents.ts";

interface RefusedPanelProps {
  readonly gateways: readonly GatewayStatus[];
  /** Objects whose nodes somebody else changed: that gateways refuse those stands with the finding. */
  readonly driftedKeys: ReadonlySet<string>;
}

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 8;

/** Documents that gateways could not accept: who refused each, and why. Nothing while there is none. */
export function RefusedPanel({ gateways, driftedKeys }: RefusedPanelProps) {
  const filter = useTextFilter("refused");
  const [all, setAll] = useState(false);
  const documents = refusedDocuments(gateways, driftedKeys);
  const matching = documents.filter(({ key, reason, gatewayIds }) =>
    filter.matches(key, policyPlace(key).name, reason, ...gatewayIds),
  );
  const { sorted, sorting } = useSorted(
    matching,
    {
      object: ({ key }) => policyPlace(key).name,
      gateways: ({ gatewayIds }) => gatewayIds.length,
      revision: ({ revision }) => revision,
    },
    "gateways",
    true,
  );
  if (documents.length === 0) return null;
  return (
    <Panel
      title="Refused documents"
      note="each gateway goes on with the value it had before"
      padded={false}
      className="live"
      actions={<SearchInput label="Search refused documents" value={filter.text} onChange={filter.setText} />}
    >
      {matching.length === 0 ? (
        <EmptyState icon={CircleCheck} title={`No refused document matches “${plainText(filter.text)}”`} />
      ) : (
        <Table caption="Refused documents">
          <thead>
            <tr>
              <SortableTh column="object" sorting={sorting}>
                Object
              </SortableTh>
              <SortableTh column="gateways" sorting={sorting}>
                Refused by
              </SortableTh>
              <SortableTh column="revision" sorting={sorting} numeric>
                Revision
              </SortableTh>
              <Th>Why</Th>
            </tr>
          </thead>
          <tbody>
            {(all ? sorted : sorted.slice(0, FIRST_ROWS)).map(({ key, revision, reason, gatewayIds }) => (
              <Tr key={`${key} ${revision.toString()} ${reason}`}>
                <Td className="align-top">
                  <PolicyName policyKey={key} />
                </Td>
                <Td className="min-w-40 align-top break-words">{someNames(gatewayIds)}</Td>
                <Td className="text-right align-top">{revision}</Td>
                <Td className="min-w-64 align-top break-words text-bad">{plainText(reason)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {sorted.length > FIRST_ROWS && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
    </Panel>
  );
}
