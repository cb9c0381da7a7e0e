import { diffValues } from "../diff/diff-values.ts";
import { DiffTable } from "../diff/diff-table.tsx";
import { formatDateTime } from "../format/time.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

interface StaleEditNoticeProps {
  /** True once a save was refused; before that it is only a warning. */
  readonly refused: boolean;
  readonly message: string;
  readonly theirs: {
    readonly version: number;
    readonly spec: unknown;
    readonly updatedBy: string;
    readonly updatedAtMs: number;
  };
  readonly mine: unknown;
  readonly onLoadTheirs: () => void;
  readonly onKeepMine: () => void;
}

/** Somebody else changed what is being edited: who, when, which fields differ, and the two ways on. */
export function StaleEditNotice({ refused, message, theirs, mine, onLoadTheirs, onKeepMine }: StaleEditNoticeProps) {
  return (
    <Notice
      tone={refused ? "bad" : "warn"}
      role="alert"
      title={message}
      actions={
        <>
          <Button size="sm" onClick={onLoadTheirs}>
            Load theirs
          </Button>
          <Button size="sm" onClick={onKeepMine}>
            Keep mine and re-apply on top
          </Button>
        </>
      }
    >
      <p className="mb-2">
        {theirs.updatedBy} saved version {theirs.version} at {formatDateTime(theirs.updatedAtMs)}. These fields differ
        from yours:
      </p>
      <DiffTable
        caption="Fields that differ"
        differences={diffValues(theirs.spec, mine)}
        beforeHeading="Theirs"
        afterHeading="Yours"
      />
    </Notice>
  );
}
