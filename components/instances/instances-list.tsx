"use client";

import { useCallback, useState, type ReactNode } from "react";
import { useMayEdit } from "../identity/use-session.ts";
import { useServerNow } from "../live/use-now.ts";
import { Button } from "../ui/button.tsx";
import { useSteadyKeys } from "../ui/use-steady-keys.ts";
import { ChangeDialog } from "./change-dialog.tsx";
import type { ChangeKind } from "./change-plan.ts";
import { keysInOrder, type InstanceColumn } from "./instance-order.ts";
import type { InstanceRow } from "./instance-row.ts";
import { InstancesTable } from "./instances-table.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import type { SavedChange } from "./use-change-instances.ts";
import { useInstanceOrder } from "./use-instance-address.ts";
import { useInstanceSettings } from "./use-instance-settings.ts";
import { useSelection } from "./use-selection.ts";

/** Asks before something is done to some rows. */
export type AskChange = (kind: ChangeKind, rows: readonly InstanceRow[]) => void;

interface InstancesListProps {
  readonly caption: string;
  /** Every instance that could be shown: what is selected is looked up here. */
  readonly all: readonly InstanceRow[];
  /** Those that match. */
  readonly matching: readonly InstanceRow[];
  /** When what is shown was so, Unix epoch ms. */
  readonly atMs: number;
  readonly firstColumn: InstanceColumn;
  readonly withService: boolean;
  /** What can be done with one row besides. */
  readonly rowActions?: (row: InstanceRow, ask: AskChange, locked: boolean) => ReactNode;
}

/** Rows drawn at first, and how many more are asked for. */
const ROWS = 100;
const MORE_ROWS = 500;

/** Instances that can be selected and changed, one or many at once. */
export function InstancesList(props: InstancesListProps) {
  const { caption, all, matching, atMs, firstColumn, withService, rowActions } = props;
  const nowMs = useServerNow();
  const mayEdit = useMayEdit();
  const locked = useInstanceSettings() === undefined || !mayEdit;
  const [limit, setLimit] = useState(ROWS);
  const [asked, setAsked] = useState<{ readonly kind: ChangeKind; readonly rows: readonly InstanceRow[] } | null>(null);
  const [saved, setSaved] = useState<SavedChange | null>(null);
  const { order, sorting } = useInstanceOrder(firstColumn);
  const reason = `${order.column} ${String(order.descending)} ${matching.map(({ key }) => key).join()}`;
  const { keys, onFocus, onBlur } = useSteadyKeys(() => keysInOrder(matching, order), reason, atMs);
  const byKey = new Map(matching.map((row) => [row.key, row]));
  const shown = keys.slice(0, limit).flatMap((key) => byKey.get(key) ?? []);
  const selection = useSelection(shown.filter(({ isNameable }) => isNameable).map(({ key }) => key));
  const selected = all.filter(({ key }) => selection.has(key));
  const shownKeys = new Set(shown.map(({ key }) => key));
  const selectable = matching.filter(({ isNameable }) => isNameable);
  const allShownSelected = shown.every(({ key, isNameable }) => !isNameable || selection.has(key));
  const isMore = allShownSelected && selectable.some(({ key }) => !selection.has(key));
  const ask = useCallback<AskChange>((kind, rows) => {
    setAsked({ kind, rows });
  }, []);
  const askWeight = useCallback(
    (row: InstanceRow) => {
      ask("weight", [row]);
    },
    [ask],
  );

  return (
    <div onFocus={onFocus} onBlur={onBlur}>
      <InstancesTable
        caption={caption}
        rows={shown}
        sorting={sorting}
        withService={withService}
        selection={mayEdit ? selection : null}
        locked={locked}
        nowMs={nowMs}
        onToggle={selection.toggle}
        onWeight={askWeight}
        {...(rowActions !== undefined && { rowActions: (row: InstanceRow) => rowActions(row, ask, locked) })}
      />
      {matching.length > shown.length && (
        <div className="flex flex-wrap items-center justify-center gap-x-3 border-t border-line p-2 text-ink-3">
          <span>
            {shown.length.toLocaleString("en")} of {matching.length.toLocaleString("en")} shown
          </span>
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              setLimit(limit + MORE_ROWS);
            }}
          >
            Show {Math.min(MORE_ROWS, matching.length - shown.length)} more
          </Button>
        </div>
      )}
      {(selected.length > 0 || saved !== null) && (
        <SelectionBar
          selected={selected}
          hidden={selected.filter(({ key }) => !shownKeys.has(key)).length}
          others={isMore ? selectable.length : 0}
          locked={locked}
          saved={saved}
          onSelectOthers={() => {
            selection.setAll(
              selectable.map(({ key }) => key),
              true,
            );
          }}
          onChange={(kind) => {
            ask(kind, selected);
          }}
          onClear={selection.clear}
          onDismiss={() => {
            setSaved(null);
          }}
        />
      )}
      {asked !== null && (
        <ChangeDialog
          kind={asked.kind}
          chosen={asked.rows}
          onSaved={setSaved}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </div>
  );
}
