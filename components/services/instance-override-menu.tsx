"use client";

import { Menu } from "@base-ui/react/menu";
import { Hand } from "lucide-react";
import { useState, type ReactNode } from "react";
import { scopeInWords, type OverrideMode, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { LiftDialog } from "../breakers/lift-dialog.tsx";
import { OverrideDialog } from "../breakers/override-dialog.tsx";
import { buttonClass } from "../ui/button.tsx";

interface InstanceOverrideMenuProps {
  readonly service: string;
  readonly instance: string;
  /** Those in force for it. */
  readonly rows: readonly PolicyRow<OverrideSpec>[];
  readonly disabled: boolean;
}

function Item({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Menu.Item
      className="flex h-8 cursor-default items-center px-3 whitespace-nowrap outline-none data-highlighted:bg-hover"
      onClick={onClick}
    >
      {children}
    </Menu.Item>
  );
}

/** Takes an instance out by hand, keeps it in, or lets the automatic state decide again. */
export function InstanceOverrideMenu({ service, instance, rows, disabled }: InstanceOverrideMenuProps) {
  const [forcing, setForcing] = useState<OverrideMode | null>(null);
  const [lifting, setLifting] = useState<PolicyRow<OverrideSpec> | null>(null);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          className={buttonClass("secondary", "sm")}
          disabled={disabled}
          aria-label={`Override ${instance}`}
        >
          <Hand aria-hidden />
          Override
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="z-40">
            <Menu.Popup className="rounded-md border border-line bg-surface py-1 shadow-pop">
              <Item
                onClick={() => {
                  setForcing("forced-open");
                }}
              >
                Force out…
              </Item>
              <Item
                onClick={() => {
                  setForcing("forced-closed");
                }}
              >
                Keep in…
              </Item>
              {rows.map((row) => (
                <Item
                  key={row.id}
                  onClick={() => {
                    setLifting(row);
                  }}
                >
                  Back to automatic…{rows.length > 1 && ` (${scopeInWords(row.spec.scope)})`}
                </Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {forcing !== null && (
        <OverrideDialog
          targets={[{ kind: "instance", service, instance }]}
          mode={forcing}
          onClose={() => {
            setForcing(null);
          }}
        />
      )}
      {lifting !== null && (
        <LiftDialog
          row={lifting}
          onClose={() => {
            setLifting(null);
          }}
        />
      )}
    </>
  );
}
