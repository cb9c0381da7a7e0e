"use client";

import { History } from "lucide-react";
import type { Moment } from "#domain/history.ts";
import { meshErrorOf, messageOf } from "../api/mesh-error.ts";
import { formatAgo, formatMoment, formatSetting, formatSpan } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { cn } from "../ui/cn.ts";
import { Button } from "../ui/button.tsx";
import { useMomentsShown } from "./moments-shown.ts";
import { useShownMoment, type ShownMoment } from "./shown-moment.ts";

/** Says that what the page shows is past, so that nobody takes it for now. Nothing while it is now. */
export function PastBanner() {
  const nowMs = useServerNow();
  const shown = useShownMoment();
  const { show } = useMomentsShown();
  const { past, compared, atMs } = shown;
  if (past === null && compared === null) return null;
  return (
    <div
      role="status"
      aria-label="Moment shown"
      className={cn(
        "mb-3 flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md border px-3 py-2",
        past === null ? "border-accent/40 bg-accent-tint" : "border-warn bg-warn-tint",
      )}
    >
      <History aria-hidden className={cn("mt-0.5 size-4 shrink-0", past === null ? "text-accent" : "text-warn")} />
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">
          {past === null
            ? "You see the mesh now"
            : `You see the mesh at ${formatMoment(past.wantedMs, nowMs)}, ${formatAgo(past.wantedMs, nowMs)}`}
          {compared !== null && `, compared with ${otherInWords(compared.atMs, nowMs)}`}.
        </p>
        <Details shown={shown} nowMs={nowMs} />
      </div>
      {atMs !== null && (
        <Button
          size="sm"
          onClick={() => {
            show({ atMs: null });
          }}
        >
          Back to now
        </Button>
      )}
    </div>
  );
}

function otherInWords(atMs: number | null, nowMs: number): string {
  return atMs === null ? "now" : `${formatMoment(atMs, nowMs)}, ${formatAgo(atMs, nowMs)}`;
}

function Details({ shown: { past, compared }, nowMs }: { shown: ShownMoment; nowMs: number }) {
  return (
    <>
      {past !== null && <PastDetails past={past} nowMs={nowMs} />}
      {compared?.past?.problem != null && (
        <p className="text-bad">The moment that it is compared with: {messageOf(compared.past.problem)}</p>
      )}
    </>
  );
}

function PastDetails({ past, nowMs }: { past: NonNullable<ShownMoment["past"]>; nowMs: number }) {
  const { moment, loading, problem, retry } = past;
  if (problem !== null) {
    return (
      <p className="text-bad">
        {messageOf(problem)}{" "}
        {meshErrorOf(problem)?.code !== "NOT_RECORDED" && (
          <button type="button" className="underline" onClick={retry}>
            Try again
          </button>
        )}
      </p>
    );
  }
  if (moment === null) return <p className="text-ink-2">It is being read.</p>;
  if (loading)
    return <p className="text-ink-2">It is being read; until then, {formatMoment(moment.atMs, nowMs)} stays.</p>;
  return <p className="text-ink-2">{momentDetails(moment, nowMs).join(" ")}</p>;
}

/** What a moment's figures are of, and what is not known of it. */
function momentDetails(moment: Moment, nowMs: number): readonly string[] {
  const { fromMs, toMs, resolutionSeconds, revision, missingSeconds, registryKnown } = moment;
  return [
    `Figures are the average of ${formatSpan(toMs - fromMs)} up to ${formatMoment(toMs, nowMs)}, kept in spans of ${formatSetting(resolutionSeconds * 1000)}.`,
    ...(revision === null ? ["Which policy was in force is not known."] : [`Revision ${revision.toString()}.`]),
    ...(missingSeconds > 0 ? [`Of ${formatSpan(missingSeconds * 1000)} of it nothing is on record.`] : []),
    ...(registryKnown ? [] : ["Which instances were registered is not known: only those that answered are shown."]),
  ];
}
