"use client";

import { CircleAlert, Hand, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "../ui/cn.ts";
import { links } from "../links.ts";
import { useActiveOverrides } from "../breakers/use-active-overrides.ts";
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

/** Everything that is wrong now, above every page: silence, lost links, quiet gateways, breakers forced by hand. */
export function AlertStack() {
  const live = useLive();
  const alerts = shellAlerts(live.picture, freshnessOf(live, useNow()));
  const overrides = useActiveOverrides();
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
            </span>
          </Bar>
        );
      })}
      {overrides.length > 0 && (
        <Bar tone="warn" role="status">
          <Hand aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
          <span>
            {overrides.length === 1
              ? "1 breaker is forced by hand."
              : `${overrides.length.toString()} breakers are forced by hand.`}{" "}
            <Link href={`${links.breakers()}?show=overridden`} className="font-medium text-accent underline">
              Show
            </Link>
          </span>
        </Bar>
      )}
    </section>
  );
}
