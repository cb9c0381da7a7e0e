import type { GatewayStatus } from "#domain/live.ts";
import { Panel } from "../ui/panel.tsx";
import { Table, Td, Th, Tr } from "../ui/table.tsx";

/** Documents gateways could not accept; each goes on with what it had for that key. Nothing when there are none. */
export function RefusedDocuments({ gateways }: { gateways: readonly GatewayStatus[] }) {
  const refused = gateways.flatMap((gateway) =>
    (gateway.acknowledgement?.refused ?? []).map((document) => ({ gatewayId: gateway.id, ...document })),
  );
  if (refused.length === 0) return null;
  return (
    <Panel title="Refused" note="the gateway keeps what it had before" padded={false} className="mt-4">
      <Table caption="Refused documents">
        <thead>
          <tr>
            <Th>Gateway</Th>
            <Th>Object</Th>
            <Th className="text-right">Revision</Th>
            <Th>Reason</Th>
          </tr>
        </thead>
        <tbody>
          {refused.map((document) => (
            <Tr key={`${document.gatewayId} ${document.key}`}>
              <Td className="font-medium">{document.gatewayId}</Td>
              <Td className="font-mono text-sm">{document.key}</Td>
              <Td className="text-right">{document.revision}</Td>
              <Td>{document.reason}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}
