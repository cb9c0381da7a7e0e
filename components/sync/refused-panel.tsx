"use client";

import type { GatewayStatus } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { Panel } from "../ui/panel.tsx";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { PolicyName } from "./policy-name.tsx";
import { splitRefusals } from "#domain/refusals.ts";

interface RefusedDocuments {
  readonly key: string;
  readonly reasons: readonly { readonly gatewayId: string; readonly revision: number; readonly reason: string }[];
}

interface RefusedPanelProps {
  readonly gateways: readonly GatewayStatus[];
  /** Objects whose nodes somebody else changed: that gateways refuse those stands with the finding. */
  readonly driftedKeys: ReadonlySet<string>;
}

/** Documents that gateways could not accept, by object: who refused it and why. Nothing while there is none. */
export function RefusedPanel({ gateways, driftedKeys }: RefusedPanelProps) {
  const documents = refusedByObject(gateways, driftedKeys);
  if (documents.length === 0) return null;
  return (
    <Panel
      title="Refused documents"
      note="Each gateway goes on with the value it had before"
      padded={false}
      className="live"
    >
      <Table caption="Refused documents">
        <thead>
          <tr>
            <Th>Object</Th>
            <Th>Refused by</Th>
            <Th className="text-right">Revision</Th>
            <Th>Why</Th>
          </tr>
        </thead>
        <tbody>
          {documents.flatMap(({ key, reasons }) =>
            reasons.map(({ gatewayId, revision, reason }) => (
              <Tr key={`${key} ${gatewayId}`}>
                <Td className="align-top">
                  <PolicyName policyKey={key} />
                </Td>
                <Td className="align-top whitespace-nowrap">{gatewayId}</Td>
                <Td className="text-right align-top">{revision}</Td>
                <Td className="min-w-64 align-top break-words text-bad">{plainText(reason)}</Td>
              </Tr>
            )),
          )}
        </tbody>
      </Table>
    </Panel>
  );
}

function refusedByObject(
  gateways: readonly GatewayStatus[],
  driftedKeys: ReadonlySet<string>,
): readonly RefusedDocuments[] {
  const all = gateways
    .filter(({ registration }) => registration !== null)
    .flatMap(({ id, acknowledgement }) =>
      splitRefusals(acknowledgement?.refused ?? [], driftedKeys).published.map(({ key, revision, reason }) => ({
        key,
        gatewayId: id,
        revision,
        reason,
      })),
    );
  return [...Map.groupBy(all, ({ key }) => key)]
    .map(([key, reasons]) => ({ key, reasons }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
