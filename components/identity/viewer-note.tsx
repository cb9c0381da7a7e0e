"use client";

import { Notice } from "../ui/notice.tsx";
import { useIsViewer } from "./use-session.ts";

/** Why nothing on a page can be acted on. Nothing for people who may act. */
export function ViewerNote({ className }: { className?: string }) {
  if (!useIsViewer()) return null;
  return (
    <Notice tone="info" role="note" {...(className !== undefined && { className })}>
      You may look. Operators and administrators may act here.
    </Notice>
  );
}
