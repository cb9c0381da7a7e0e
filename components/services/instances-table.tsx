"use client";

import type { LiveService } from "#domain/live.ts";
import { CircleCheck, CirclePause } from "lucide-react";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Badge } from "../ui/badge.tsx";
import { Table, SortableTh, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { TrafficCells, TrafficHeads } from "./traffic-columns.tsx";

/** Metadata worth showing as labels: what routes select by, not what the platform notes for itself. */
function labelsOf(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .filter(([key]) => key !== "instance_status")
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(", ");
}

/** Instances of one service with what each is doing. */
export function InstancesTable({ service }: { service: LiveService }) {
  const nowMs = useServerNow();
  const trafficOf = new Map(service.traffic.map((traffic) => [traffic.instance, traffic]));
  const { sorted, sorting } = useSorted(
    service.instances,
    {
      id: (instance) => instance.id,
      address: (instance) => `${instance.address}:${instance.port.toString()}`,
      rate: (instance) => trafficOf.get(instance.id)?.requestsPerSecond ?? 0,
      errors: (instance) => trafficOf.get(instance.id)?.errorRatio ?? 0,
      p95: (instance) => trafficOf.get(instance.id)?.p95Ms ?? -1,
      since: (instance) => instance.registeredAtMs,
    },
    "id",
  );
  return (
    <Table caption={`Instances of ${service.name}`}>
      <thead>
        <tr>
          <SortableTh column="id" sorting={sorting}>
            Instance
          </SortableTh>
          <SortableTh column="address" sorting={sorting}>
            Address
          </SortableTh>
          <Th>Labels</Th>
          <Th>Status</Th>
          <SortableTh column="since" sorting={sorting}>
            Registered
          </SortableTh>
          <TrafficHeads sorting={sorting} />
        </tr>
      </thead>
      <tbody>
        {sorted.map((instance) => {
          const traffic = trafficOf.get(instance.id);
          return (
            <Tr key={instance.id}>
              <Td className="max-w-56 truncate font-mono text-sm" title={instance.id}>
                {instance.id}
              </Td>
              <Td className="font-mono text-sm whitespace-nowrap">
                {instance.address}:{instance.port}
              </Td>
              <Td className="whitespace-nowrap text-ink-2">{labelsOf(instance.metadata) || NO_VALUE}</Td>
              <Td>
                {instance.serving ? (
                  <Badge tone="good" icon={CircleCheck}>
                    Serving
                  </Badge>
                ) : (
                  <Badge tone="off" icon={CirclePause}>
                    Takes no traffic
                  </Badge>
                )}
              </Td>
              <Td className="whitespace-nowrap text-ink-2">
                {instance.registeredAtMs === 0 ? NO_VALUE : formatAgo(instance.registeredAtMs, nowMs)}
              </Td>
              <TrafficCells traffic={traffic} />
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
