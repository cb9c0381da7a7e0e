"use client";

import type { ReactNode } from "react";
import { SessionGate } from "../identity/session-gate.tsx";
import { LiveProvider } from "../live/live-provider.tsx";
import { useFreshnessKind } from "../live/use-freshness.ts";
import { AlertStack } from "./alert-stack.tsx";
import { PhoneBottomNav, PhoneTopBar } from "./phone-nav.tsx";
import { SideNav } from "./side-nav.tsx";

/** Frame of every page behind the sign-in: navigation, what is wrong now, and the live stream for all of it. */
export function ConsoleShell({ children }: { children: ReactNode }) {
  return (
    <SessionGate>
      <LiveProvider>
        <Frame>{children}</Frame>
      </LiveProvider>
    </SessionGate>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const stale = useFreshnessKind() === "silent";
  return (
    <div className="flex min-h-dvh max-lg:flex-col" data-stale={stale}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-surface focus:p-2"
      >
        Skip to the content
      </a>
      <SideNav />
      <PhoneTopBar />
      <div className="flex min-w-0 flex-1 flex-col">
        <AlertStack />
        <main id="content" tabIndex={-1} className="flex flex-1 flex-col p-4 pb-20 outline-none lg:p-6">
          {children}
        </main>
      </div>
      <PhoneBottomNav />
    </div>
  );
}
