"use client";

import type { GatewayAhead } from "#domain/publishing.ts";
import { plainText } from "../../diff/plain-text.ts";
import { formatCount } from "../../format/number.ts";
import { useLivePart } from "../../live/live-provider.tsx";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { counted } from "../counted.ts";

interface AheadGatewaysProps {
  readonly ahead: readonly GatewayAhead[];
  /** Of the database. */
  readonly revision: number;
}

/** Gateways that hold more than the database knows, and how to see what that is before it is gone. Nothing while there is none. */
export function AheadGateways({ ahead, revision }: AheadGatewaysProps) {
  const gateways = useLivePart(({ picture }) => picture?.gateways);
  if (ahead.length === 0) return null;
  return (
    <section aria-labelledby="ahead" className="rounded-lg border border-line">
      <h3 id="ahead" className="border-b border-line px-3 py-1.5 font-medium">
        {counted(ahead.length, "gateway is", "gateways are")} ahead of the database
      </h3>
      <p className="max-w-[80ch] px-3 pt-2 text-ink-2">
        They follow nothing below what they have applied. What each of them serves, its admin port shows: save that
        first where edits may have to be made again.
      </p>
      <Table caption="Gateways ahead of the database">
        <thead>
          <tr>
            <Th>Gateway</Th>
            <Th className="text-right">Applied revision</Th>
            <Th className="text-right">Ahead by</Th>
            <Th>To see what it serves</Th>
          </tr>
        </thead>
        <tbody>
          {ahead.map((gateway) => {
            const adminUrl = gateways?.find(({ id }) => id === gateway.id)?.registration?.adminUrl;
            return (
              <Tr key={gateway.id}>
                <Td className="font-medium whitespace-nowrap">{plainText(gateway.id)}</Td>
                <Td className="text-right">{formatCount(gateway.revision)}</Td>
                <Td className="text-right">{formatCount(Math.max(0, gateway.revision - revision))}</Td>
                <Td className="min-w-64 text-sm break-all">
                  {adminUrl === undefined ? (
                    "it has left the registry"
                  ) : (
                    <code className="font-mono">{`curl ${plainText(adminUrl)}/config`}</code>
                  )}
                </Td>
              </Tr>
            );
          })}
        </tbody>
      </Table>
    </section>
  );
}
