"use client";

import type { LiveService } from "#domain/live.ts";
import { settingInForce, type InstanceSetting } from "#domain/service-policy.ts";
import { ServiceName } from "#domain/service.ts";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { standsOf } from "../breakers/instance-stand.ts";
import { overridesOfInstance } from "../breakers/overrides-of.ts";
import { useActiveOverrides } from "../breakers/use-active-overrides.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo } from "../format/time.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { useServerNow } from "../live/use-now.ts";
import { Button } from "../ui/button.tsx";
import { Table, SortableTh, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { GoneInstances } from "./gone-instances.tsx";
import { InstanceDialog, type InstanceChange } from "./instance-dialog.tsx";
import { InstanceOverrideMenu } from "./instance-override-menu.tsx";
import { InstanceStatus } from "./instance-status.tsx";
import { RegistryNote } from "./registry-note.tsx";
import { TrafficCells, TrafficHeads } from "./traffic-columns.tsx";
import { useServicePolicy } from "./use-service-policy.ts";

const NOTES_OF_PLATFORMS =
  /^(?:instance_status|dubbo.*|methods|interface|anyhost|generic|deprecated|pid|timestamp|bind[.].*)$/;

/** Metadata worth showing as labels: what routes select by, not what the platform notes for itself. */
function labelsOf(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .filter(([key]) => !NOTES_OF_PLATFORMS.test(key))
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(", ");
}

/** Instances of one service with what each is doing. */
export function InstancesTable({ service }: { service: LiveService }) {
  const nowMs = useServerNow();
  const policy = useServicePolicy(service.name);
  const mayEdit = useMayEdit();
  const [changing, setChanging] = useState<{ instanceId: string; change: InstanceChange } | null>(null);
  // The registry holds names that no policy can be written for.
  const nameable = ServiceName.safeParse(service.name).success;
  const locked = !mayEdit || policy.row === undefined || !nameable;
  const weights = new Map(service.instances.map(({ id, weight }) => [id, weight]));
  const settingOf = (id: string): InstanceSetting =>
    settingInForce(policy.row?.spec.instances ?? {}, { id, weight: weights.get(id) ?? null });
  const stands = new Map(standsOf(service, policy.row?.spec.instances ?? {}, nowMs).map((stand) => [stand.id, stand]));
  const overrides = useActiveOverrides();
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
    <>
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
            <Th className="text-right">Weight</Th>
            <SortableTh column="since" sorting={sorting}>
              Registered
            </SortableTh>
            <TrafficHeads sorting={sorting} />
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((instance) => {
            const traffic = trafficOf.get(instance.id);
            const stand = stands.get(instance.id);
            return (
              <Tr key={instance.id}>
                <Td className="max-w-56 truncate font-mono text-sm" title={instance.id}>
                  {instance.id}
                </Td>
                <Td className="font-mono text-sm whitespace-nowrap">
                  {instance.address}:{instance.port}
                  <RegistryNote instance={instance} />
                </Td>
                <Td className="whitespace-nowrap text-ink-2">{labelsOf(instance.metadata) || NO_VALUE}</Td>
                <Td>{stand !== undefined && <InstanceStatus stand={stand} setting={settingOf(instance.id)} />}</Td>
                <Td className="text-right">
                  <Button
                    variant="ghost"
                    size="sm"
                    className="-mr-2"
                    disabled={locked}
                    aria-label={`Weight of ${instance.id}: ${settingOf(instance.id).weight.toString()}. Change…`}
                    onClick={() => {
                      setChanging({ instanceId: instance.id, change: "weight" });
                    }}
                  >
                    {settingOf(instance.id).weight}
                    <Pencil aria-hidden className="text-ink-3" />
                  </Button>
                </Td>
                <Td className="whitespace-nowrap text-ink-2">
                  {instance.registeredAtMs === 0 ? NO_VALUE : formatAgo(instance.registeredAtMs, nowMs)}
                </Td>
                <TrafficCells traffic={traffic} />
                <Td className="py-1">
                  <div className="flex items-center justify-end gap-1.5">
                    <InstanceOverrideMenu
                      service={service.name}
                      instance={instance.id}
                      rows={overridesOfInstance(overrides, service.name, instance.id)}
                      disabled={!mayEdit || !nameable}
                    />
                    <Button
                      size="sm"
                      disabled={locked}
                      aria-label={`${settingOf(instance.id).drained ? "Undrain" : "Drain"} ${instance.id}…`}
                      onClick={() => {
                        const change = settingOf(instance.id).drained ? "undrain" : "drain";
                        setChanging({ instanceId: instance.id, change });
                      }}
                    >
                      {settingOf(instance.id).drained ? "Undrain…" : "Drain…"}
                    </Button>
                  </div>
                </Td>
              </Tr>
            );
          })}
        </tbody>
      </Table>
      {policy.row != null && <GoneInstances service={service} row={policy.row} mayEdit={mayEdit} />}
      {changing !== null && policy.row !== undefined && (
        <InstanceDialog
          service={service}
          row={policy.row}
          {...changing}
          onClose={() => {
            setChanging(null);
          }}
        />
      )}
    </>
  );
}
