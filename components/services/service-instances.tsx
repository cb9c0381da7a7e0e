"use client";

import type { LiveService } from "#domain/live.ts";
import { overridesOfInstance } from "../breakers/overrides-of.ts";
import { useActiveOverrides } from "../breakers/use-active-overrides.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { rowsOf, type InstanceRow } from "../instances/instance-row.ts";
import { InstancesList, type AskChange } from "../instances/instances-list.tsx";
import { useInstanceSettings } from "../instances/use-instance-settings.ts";
import { useServerNow } from "../live/use-now.ts";
import { Button } from "../ui/button.tsx";
import { GoneInstances } from "./gone-instances.tsx";
import { InstanceOverrideMenu } from "./instance-override-menu.tsx";

/** Instances of one service with what each is doing, and what can be done with them. */
export function ServiceInstances({ service }: { service: LiveService }) {
  const nowMs = useServerNow();
  const settingsOf = useInstanceSettings();
  const mayEdit = useMayEdit();
  const overrides = useActiveOverrides();
  const rows = rowsOf([service], settingsOf ?? (() => ({})), nowMs);
  const actions = ({ id, ...row }: InstanceRow, ask: AskChange, locked: boolean) => {
    const { drained } = row.setting;
    return (
      <div className="flex items-center justify-end gap-1.5">
        <InstanceOverrideMenu
          service={service.name}
          instance={id}
          rows={overridesOfInstance(overrides, service.name, id)}
          disabled={!mayEdit || !row.isNameable}
        />
        <Button
          size="sm"
          className="max-sm:hidden"
          disabled={locked || !row.isNameable}
          aria-label={`${drained ? "Undrain" : "Drain"} ${id}…`}
          onClick={() => {
            ask(drained ? "undrain" : "drain", [{ id, ...row }]);
          }}
        >
          {drained ? "Undrain…" : "Drain…"}
        </Button>
      </div>
    );
  };
  return (
    <>
      <InstancesList
        caption={`Instances of ${service.name}`}
        all={rows}
        matching={rows}
        atMs={nowMs}
        firstColumn="id"
        withService={false}
        rowActions={actions}
      />
      {settingsOf !== undefined && (
        <GoneInstances service={service} settings={settingsOf(service.name)} mayEdit={mayEdit} />
      )}
    </>
  );
}
