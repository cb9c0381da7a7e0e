"use client";

import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { LivePicture } from "#domain/live.ts";
import { useRecentDeliveries } from "../delivery/use-delivery-times.ts";
import { plainText } from "../diff/plain-text.ts";
import { formatMoment, formatSpan } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { cn } from "../ui/cn.ts";
import { syncVerdict, type Remark } from "./sync-verdict.ts";

const TONES = {
  good: { icon: CircleCheck, box: "border-good/40 bg-good-tint", mark: "text-good" },
  warn: { icon: TriangleAlert, box: "border-warn/40 bg-warn-tint", mark: "text-warn" },
  bad: { icon: CircleAlert, box: "border-bad/40 bg-bad-tint", mark: "text-bad" },
} as const;

interface VerdictProps {
  readonly picture: LivePicture;
  /** Objects whose nodes somebody else changed. */
  readonly driftedKeys: ReadonlySet<string>;
}

/** Whether the mesh does what is saved; what does not, since when, and what to do about it. */
export function Verdict({ picture, driftedKeys }: VerdictProps) {
  const edits = useRecentDeliveries().data ?? [];
  const [first, ...more] = syncVerdict(picture, driftedKeys, edits);
  return (
    <div
      role="status"
      aria-label="Verdict"
      className={cn("live flex flex-col gap-3 rounded-lg border px-4 py-3", TONES[first.tone].box)}
    >
      <RemarkLine remark={first} isFirst />
      {more.map((remark) => (
        <RemarkLine key={remark.text} remark={remark} />
      ))}
    </div>
  );
}

function RemarkLine({ remark, isFirst = false }: { remark: Remark; isFirst?: boolean }) {
  const { tone, text, sinceMs, advice } = remark;
  const { icon: Icon, mark } = TONES[tone];
  return (
    <div className="flex gap-2.5">
      <Icon aria-hidden className={cn("shrink-0", isFirst ? "mt-0.5 size-5" : "mt-0.5 ml-0.5 size-4", mark)} />
      <div className="min-w-0">
        <p className={cn("break-words", isFirst ? "text-lg font-semibold" : "font-medium")}>{plainText(text)}</p>
        {(sinceMs !== null || advice !== "") && (
          <p className="max-w-[100ch] break-words text-ink-2">
            {sinceMs !== null && <Since atMs={sinceMs} />}
            {plainText(advice)}
          </p>
        )}
      </div>
    </div>
  );
}

/** `Since 20:36:11, for 4 min.` What is read out to people who do not see the page must not change every second. */
function Since({ atMs }: { atMs: number }) {
  const nowMs = useServerNow();
  return (
    <>
      Since {formatMoment(atMs, nowMs)}
      <span aria-hidden>, for {formatSpan(Math.max(0, nowMs - atMs))}</span>.{" "}
    </>
  );
}
