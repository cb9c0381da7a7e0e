"use client";

import { CircleAlert, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "../ui/cn.ts";
import { OverrideBanner } from "../breakers/override-banner.tsx";
import { links } from "../links.ts";
import { freshnessOf } from "../live/freshness.ts";
import { useLive } from "../live/live-provider.tsx";
import { useNow } from "../live/use-now.ts";
import { shellAlerts } from "./alerts.ts";

function Bar({ tone, children, role }: { tone: "warn" | "bad"; children: ReactNode; role: "alert" | "status" }) {
  return (
    <div
      role={role}
      className={cn(
        "flex items-start gap-2 border-b px-4 py-1.5 text-base lg:px-6",
        tone === "bad" ? "border-bad/30 bg-bad-tint" : "border-warn/30 bg-warn-tint",
      )}
    >
      {children}
    </div>
  );
}

/**
 * Everything that is wrong now, above every page: silence, lost links, quiet gateways, breakers forced by hand. Above the
 * overview only silence is told, as that page tells the rest itself.
 */
export function AlertStack() {
  const live = useLive();
  const onOverview = usePathname() === links.overview();
  const all = shellAlerts(live.picture, freshnessOf(live, useNow()));
  const alerts = onOverview ? all.filter(({ id }) => id === "silent") : all;
  return (
    <section aria-label="What needs attention" className="sticky top-12 z-20 lg:top-0">
      {alerts.map((alert) => {
        const Icon = alert.tone === "bad" ? CircleAlert : TriangleAlert;
        return (
          <Bar key={alert.id} tone={alert.tone} role="alert">
            <Icon
              aria-hidden
              className={cn("mt-0.5 size-4 shrink-0", alert.tone === "bad" ? "text-bad" : "text-warn")}
            />
            <span>
              {alert.text}
              {alert.age !== undefined && <span aria-hidden>{alert.age}</span>}
              {alert.rest}
              {alert.action !== undefined && (
                <>
                  {" "}
                  <Link href={alert.action.href} className="font-medium whitespace-nowrap underline hover:no-underline">
                    {alert.action.label}
                  </Link>
                </>
              )}
            </span>
          </Bar>
        );
      })}
      {!onOverview && <OverrideBanner />}
    </section>
  );
}
