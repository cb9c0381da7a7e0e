"use client";

import { CircleDashed, CircleSlash, Radio } from "lucide-react";
import { formatSpan } from "../format/time.ts";
import { freshnessOf } from "../live/freshness.ts";
import { useLive } from "../live/live-provider.tsx";
import { useNow } from "../live/use-now.ts";
import { cn } from "../ui/cn.ts";

/** Whether what is shown is live, and how old it is. */
export function ConnectionState({ className }: { className?: string }) {
  const live = useLive();
  const freshness = freshnessOf(live, useNow());
  const shown = {
    live: { icon: Radio, tone: "text-good", word: "Live", age: "ageMs" in freshness ? freshness.ageMs : 0 },
    waiting: { icon: CircleDashed, tone: "text-ink-3", word: "Connecting", age: null },
    silent: {
      icon: CircleSlash,
      tone: "text-bad",
      word: "Not live",
      age: "silentMs" in freshness ? freshness.silentMs : 0,
    },
  }[freshness.kind];
  const Icon = shown.icon;
  return (
    <div className={cn("flex items-center gap-1.5 text-sm", className)} data-testid="connection-state">
      <Icon aria-hidden className={cn("size-4 shrink-0", shown.tone)} />
      <span className={cn("font-medium", shown.tone)}>{shown.word}</span>
      {shown.age !== null && <span className="text-ink-3">data {formatSpan(shown.age)} old</span>}
    </div>
  );
}
