import { ERRORS } from "#domain/errors.ts";
import type { VersionedEdit } from "./use-versioned-edit.ts";
import { Notice } from "../ui/notice.tsx";
import { StaleEditNotice } from "../ui/stale-edit-notice.tsx";

interface VersionedEditNoticeProps<Spec, Output> {
  readonly edit: VersionedEdit<Spec, Output>;
  /** What is edited: `route`. */
  readonly what: string;
  /** What stands in the form. */
  readonly mine: unknown;
}

/** What became of an edit that somebody else's came in between of. */
export function VersionedEditNotice<Spec, Output>({ edit, what, mine }: VersionedEditNoticeProps<Spec, Output>) {
  const { base, newer, refused, reapplying } = edit;
  if (newer !== null) {
    return (
      <StaleEditNotice
        refused={refused}
        message={
          refused ? ERRORS.STALE_EDIT.message : `Somebody else has changed this ${what} while you were editing it.`
        }
        theirs={newer}
        mine={mine}
        onLoadTheirs={() => {
          edit.adopt(newer);
        }}
        onKeepMine={() => {
          edit.keepMine(newer);
        }}
      />
    );
  }
  if (!reapplying || base === null) return null;
  return (
    <Notice tone="info">
      Saving now puts your values on top of version {base.version} by {base.updatedBy}.
    </Notice>
  );
}
