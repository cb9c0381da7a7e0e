"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { ApiProvider } from "../api/api-provider.tsx";
import { Toasts } from "./toasts.tsx";

/** What every page needs around it. `nonce` is the one of this answer's content security policy, if it has one. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <CSPProvider {...(nonce !== undefined && { nonce })}>
      <ThemeProvider attribute="class" disableTransitionOnChange {...(nonce !== undefined && { nonce })}>
        <ApiProvider>{children}</ApiProvider>
        <Toasts />
      </ThemeProvider>
    </CSPProvider>
  );
}
