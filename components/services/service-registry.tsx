"use client";

import { Server, TriangleAlert } from "lucide-react";
import type { LiveService } from "#domain/live.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { DepartedTable } from "./departed-table.tsx";
import { ServiceInstances } from "./service-instances.tsx";

/** What the registry holds of a service: instances, those that left lately, and entries that cannot be read. */
export function ServiceRegistry({ service }: { service: LiveService }) {
  return (
    <>
      <Panel title="Instances" note={service.instances.length.toString()} padded={false}>
        {service.instances.length === 0 ? (
          <EmptyState icon={Server} title="No instance is registered" />
        ) : (
          <ServiceInstances service={service} />
        )}
      </Panel>
      {service.departed.length > 0 && (
        <Panel title="Departed recently" padded={false}>
          <DepartedTable departed={service.departed} />
        </Panel>
      )}
      {service.unreadable.length > 0 && (
        <Panel title="Unreadable entries" note="shown, never used for traffic">
          <ul className="flex flex-col gap-2">
            {service.unreadable.map((entry) => (
              <li key={entry.id} className="flex gap-2">
                <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
                <span>
                  <span className="font-mono text-sm">{entry.id}</span>{" "}
                  <span className="text-ink-2">{entry.problem}</span>
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
