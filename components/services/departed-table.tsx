"use client";

import type { LiveService } from "#domain/live.ts";
import { formatAgo, formatClock } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Table, Td, Th, Tr } from "../ui/table.tsx";

/** Instances that left in the last minutes, latest first. */
export function DepartedTable({ departed }: { departed: LiveService["departed"] }) {
  const nowMs = useServerNow();
  return (
    <Table caption="Instances that left recently">
      <thead>
        <tr>
          <Th>Instance</Th>
          <Th>Address</Th>
          <Th>Left</Th>
        </tr>
      </thead>
      <tbody>
        {departed
          .toSorted((a, b) => b.atMs - a.atMs)
          .map((instance) => (
            <Tr key={`${instance.id} ${instance.atMs.toString()}`} className="text-ink-2">
              <Td className="font-mono text-sm">{instance.id}</Td>
              <Td className="font-mono text-sm">
                {instance.address}:{instance.port}
              </Td>
              <Td className="whitespace-nowrap">
                {formatClock(instance.atMs)} ({formatAgo(instance.atMs, nowMs)})
              </Td>
            </Tr>
          ))}
      </tbody>
    </Table>
  );
}
