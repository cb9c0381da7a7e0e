"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, type ReactNode } from "react";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { holdTraversals } from "./hold-traversals.ts";

/** The link a press would follow within this console; null when it leads elsewhere or opens beside it. */
function followedLink(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(anchor instanceof HTMLAnchorElement) || anchor.target === "_blank" || anchor.origin !== window.location.origin)
    return null;
  return anchor.pathname === window.location.pathname ? null : `${anchor.pathname}${anchor.search}`;
}

/**
 * While `dirty`, asks before the page is left by a link or by the browser's Back and Forward, and lets the browser ask
 * before it is closed or reloaded.
 */
export function useUnsavedGuard(dirty: boolean): ReactNode {
  const router = useRouter();
  const [asked, ask] = useState<{ readonly leave: () => void } | null>(null);

  useEffect(() => {
    if (!dirty) return;
    const onUnload = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    const onClick = (event: MouseEvent): void => {
      const href = followedLink(event);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      ask({
        leave: () => {
          router.push(href);
        },
      });
    };
    window.addEventListener("beforeunload", onUnload);
    // In the capturing phase: Next's own links act on the click before it would get here.
    document.addEventListener("click", onClick, true);
    const release = holdTraversals((leave) => {
      ask({ leave });
    });
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
      release();
    };
  }, [dirty, router]);

  return (
    <ConfirmDialog
      open={asked !== null}
      onOpenChange={(open) => {
        if (!open) ask(null);
      }}
      title="Leave without saving?"
      cancel="Stay"
      confirm="Leave"
      danger
      onConfirm={() => {
        asked?.leave();
        ask(null);
      }}
    >
      <p>What you changed on this page would be lost.</p>
    </ConfirmDialog>
  );
}
