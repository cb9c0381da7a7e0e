"use client";

import { Server } from "lucide-react";
import type { LiveService } from "#domain/live.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { DepartedTable } from "./departed-table.tsx";
import { ServiceInstances } from "./service-instances.tsx";
import { UnreadableEntries } from "./unreadable-entries.tsx";

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
      {service.unreadable.length > 0 && <UnreadableEntries entries={service.unreadable} />}
    </>
  );
}
