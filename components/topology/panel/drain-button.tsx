"use client";

import { useState } from "react";
import { ServiceName } from "#domain/service.ts";
import { settingInForce } from "#domain/service-policy.ts";
import { useMayEdit } from "../../identity/use-session.ts";
import { ChangeDialog } from "../../instances/change-dialog.tsx";
import { useInstanceSettings } from "../../instances/use-instance-settings.ts";
import { useLive } from "../../live/live-provider.tsx";
import { Button } from "../../ui/button.tsx";

/** Drains a registered instance, or ends that; nothing for one that is not registered now. */
export function DrainButton({ service, id }: { service: string; id: string }) {
  const mayEdit = useMayEdit();
  const settingsOf = useInstanceSettings();
  const [isAsking, setAsking] = useState(false);
  const registered = useLive()
    .picture?.services.find(({ name }) => name === service)
    ?.instances.find((instance) => instance.id === id);
  if (registered === undefined || settingsOf === undefined || !ServiceName.safeParse(service).success) return null;
  const { drained } = settingInForce(settingsOf(service), registered);
  const close = (): void => {
    setAsking(false);
  };
  return (
    <>
      <Button
        size="sm"
        disabled={!mayEdit}
        aria-label={`${drained ? "Undrain" : "Drain"} ${id}…`}
        onClick={() => {
          setAsking(true);
        }}
      >
        {drained ? "Undrain…" : "Drain…"}
      </Button>
      {isAsking && (
        <ChangeDialog kind={drained ? "undrain" : "drain"} chosen={[{ service, id }]} onSaved={close} onClose={close} />
      )}
    </>
  );
}
