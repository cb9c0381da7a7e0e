import { X } from "lucide-react";
import { Button } from "../ui/button.tsx";
import type { ChangeKind } from "./change-plan.ts";
import { EditDelivery } from "./edit-delivery.tsx";
import type { InstanceRow } from "./instance-row.ts";
import type { SavedChange } from "./use-change-instances.ts";

interface SelectionBarProps {
  /** Registered now. */
  readonly selected: readonly InstanceRow[];
  /** How many of them the list does not show now. */
  readonly hidden: number;
  /** Others that could be selected as well: those that match, where not all of them are shown. */
  readonly others: number;
  readonly locked: boolean;
  /** The last change made here. */
  readonly saved: SavedChange | null;
  readonly onSelectOthers: () => void;
  readonly onChange: (kind: ChangeKind) => void;
  readonly onClear: () => void;
  readonly onDismiss: () => void;
}

/** What is selected, what can be done with it, and how far the last change has come. */
export function SelectionBar(props: SelectionBarProps) {
  const { selected, hidden, others, locked, saved, onSelectOthers, onChange, onClear, onDismiss } = props;
  const services = new Set(selected.map(({ service }) => service)).size;
  const drained = selected.filter(({ setting }) => setting.drained).length;
  return (
    <section
      aria-label="Selected instances"
      className="sticky bottom-14 z-20 flex flex-col gap-2 rounded-b-lg border-t border-line-strong bg-surface px-4 py-2 shadow-pop lg:bottom-0"
    >
      {selected.length > 0 && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span role="status" className="font-medium max-sm:-order-1">
            {selected.length.toLocaleString("en")} selected
            {services > 1 && ` in ${services.toString()} services`}
            {hidden > 0 && <span className="font-normal text-ink-3">, {hidden.toLocaleString("en")} not shown</span>}
          </span>
          {others > 0 && (
            <Button variant="ghost" size="sm" onClick={onSelectOthers}>
              Select all {others.toLocaleString("en")} that match
            </Button>
          )}
          <div className="flex flex-wrap items-center gap-1.5 max-sm:w-full">
            <Action kind="drain" words="Drain…" disabled={locked || drained === selected.length} onChange={onChange} />
            <Action
              kind="undrain"
              words="Send requests again…"
              disabled={locked || drained === 0}
              onChange={onChange}
            />
            <Action kind="weight" words="Weight…" disabled={locked} onChange={onChange} />
          </div>
          <Button variant="ghost" size="sm" className="max-sm:-order-1 max-sm:ml-auto" onClick={onClear}>
            Clear
          </Button>
        </div>
      )}
      {saved !== null && (
        <div className="flex items-center gap-2 text-ink-2">
          <span
            className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1"
            role="status"
            aria-label="Last change"
          >
            <span className="min-w-0 break-words">
              {saved.words}, revision {saved.revision}
            </span>
            <EditDelivery services={saved.services} revision={saved.revision} />
          </span>
          <Button variant="ghost" size="icon" aria-label="Dismiss the last change" onClick={onDismiss}>
            <X aria-hidden />
          </Button>
        </div>
      )}
    </section>
  );
}

interface ActionProps {
  readonly kind: ChangeKind;
  readonly words: string;
  readonly disabled: boolean;
  readonly onChange: (kind: ChangeKind) => void;
}

function Action({ kind, words, disabled, onChange }: ActionProps) {
  return (
    <Button
      size="sm"
      disabled={disabled}
      onClick={() => {
        onChange(kind);
      }}
    >
      {words}
    </Button>
  );
}
