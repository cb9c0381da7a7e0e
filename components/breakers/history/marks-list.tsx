import Link from "next/link";
import type { BreakerHistory } from "#domain/breaker-history.ts";
import { formatMoment } from "../../format/time.ts";
import { links } from "../../links.ts";
import { overrideInWords } from "./segment-words.ts";

interface MarksListProps {
  readonly history: Pick<BreakerHistory, "marks" | "overrides" | "toMs">;
  readonly nowMs: number;
}

/** What people did to it in the time on the axis, with the way to the audit log. */
export function MarksList({ history, nowMs }: MarksListProps) {
  const { marks, overrides, toMs } = history;
  if (marks.length + overrides.length === 0) return null;
  return (
    <div className="mt-3">
      <h3 className="text-sm font-medium text-ink-2">By hand in this time</h3>
      <ul className="mt-1 flex max-h-40 flex-col gap-0.5 overflow-y-auto text-sm">
        {overrides.toReversed().map((span) => (
          <li key={`${span.fromMs.toString()} ${span.where}`} className="flex flex-wrap gap-x-2">
            <span className="min-w-0 break-words">{overrideInWords(span, toMs, nowMs)}</span>
            <Link href={links.audit(span.reason)} className="text-accent hover:underline">
              Audit log
            </Link>
          </li>
        ))}
        {marks.toReversed().map((mark) => (
          <li key={mark.auditSequence} className="flex flex-wrap gap-x-2">
            <span className="whitespace-nowrap text-ink-3">{formatMoment(mark.atMs, nowMs)}</span>
            <span className="min-w-0 break-words">
              {mark.text} by {mark.actor}
            </span>
            <Link href={links.audit(mark.text)} className="text-accent hover:underline">
              Audit entry {mark.auditSequence}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
