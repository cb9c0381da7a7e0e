"use client";

import { usePathname, useRouter } from "next/navigation";
import { useEffect, type ReactNode } from "react";
import { ErrorState } from "../ui/error-state.tsx";
import { links } from "../links.ts";
import { useSession } from "./use-session.ts";

/** Shows the pages below only to a signed-in person; sends anybody else to sign in, and back here afterwards. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  const router = useRouter();
  const pathname = usePathname();
  const signedOut = session.data?.person === null;

  useEffect(() => {
    if (signedOut) router.replace(links.signIn(`${pathname}${window.location.search}`));
  }, [signedOut, router, pathname]);

  // A failed check of a person already let in changes nothing on the page: the banners say what is down.
  if (session.data?.person !== null && session.data?.person !== undefined) return children;
  if (session.isError) {
    return (
      <div className="mx-auto max-w-lg p-8">
        <ErrorState error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  return <div role="status" aria-label="Checking who you are" className="min-h-dvh" />;
}
