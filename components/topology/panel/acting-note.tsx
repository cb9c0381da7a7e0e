"use client";

import { formatMoment } from "../../format/time.ts";
import { useMayEdit } from "../../identity/use-session.ts";
import { useServerNow } from "../../live/use-now.ts";
import { Notice } from "../../ui/notice.tsx";

/** What people have to know before they act from the panel: that the past cannot be changed, or that they may not. */
export function ActingNote({ atMs }: { atMs: number | null }) {
  const mayEdit = useMayEdit();
  const nowMs = useServerNow();
  return (
    <>
      {atMs !== null && (
        <Notice tone="warn" role="note">
          Figures are those of {formatMoment(atMs, nowMs)}. Breakers and instances below are as they are now, and what
          you change is changed now.
        </Notice>
      )}
      {!mayEdit && (
        <p className="text-sm text-ink-3">Your role is to look. Changing anything needs the role operator.</p>
      )}
    </>
  );
}
