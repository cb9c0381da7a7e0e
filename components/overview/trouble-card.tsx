"use client";

import { CircleAlert, CircleCheck, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import { useId, useState } from "react";
import type { Severity } from "#domain/trouble.ts";
import type { WatchedTrouble } from "#domain/trouble-watch.ts";
import { plainText } from "../diff/plain-text.ts";
import { formatClock } from "../format/time.ts";
import { ServerWords } from "../live/server-words.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { placeLink } from "./trouble-places.ts";
import { affectedInWords, sinceInWords } from "./trouble-words.ts";

interface SeverityStyle {
  readonly icon: LucideIcon;
  readonly word: string;
  readonly mark: string;
  readonly edge: string;
}

const STYLES: Readonly<Record<Severity, SeverityStyle>> = {
  bad: { icon: CircleAlert, word: "Wrong", mark: "text-bad", edge: "border-l-bad" },
  warn: { icon: TriangleAlert, word: "Warning", mark: "text-warn", edge: "border-l-warn" },
  note: { icon: Info, word: "To know", mark: "text-ink-3", edge: "border-l-line-strong" },
};

interface TroubleCardProps {
  readonly watched: WatchedTrouble;
  readonly watchedSinceMs: number;
}

/** One trouble: what, since when, why, whom it affects, what comes of it, and what to do. */
export function TroubleCard({ watched, watchedSinceMs }: TroubleCardProps) {
  const { trouble } = watched;
  const titleId = useId();
  const { icon: Icon, word, mark, edge } = STYLES[trouble.severity];
  return (
    <article
      aria-labelledby={titleId}
      className={cn("live flex gap-3 border-b border-l-4 border-b-line px-3 py-3 last:border-b-0 sm:px-4", edge)}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-5 shrink-0", mark)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <h3 id={titleId} className="min-w-0 text-md font-semibold break-words">
            <span className="sr-only">{word}: </span>
            {plainText(trouble.title)}
          </h3>
          <span className="text-sm text-ink-3 tabular-nums">
            <ServerWords words={(nowMs) => sinceInWords(watched, watchedSinceMs, nowMs)} />
          </span>
        </div>
        <p className="break-words text-ink-2">{plainText(trouble.why)}</p>
        {trouble.affects !== null && (
          <p>
            <span className="text-ink-3">Affects </span>
            <span className="font-medium">{affectedInWords(trouble.affects)}</span>
          </p>
        )}
        <Follows label="Because of it" sentences={trouble.consequences} />
        <Follows label="Besides" sentences={trouble.also} />
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="min-w-0 flex-1 basis-80 text-ink-2">
            <span className="font-medium text-ink">What to do: </span>
            {trouble.advice}
          </p>
          <div className="flex flex-wrap gap-2">
            {trouble.places.slice(0, 2).map((place) => {
              const { href, label } = placeLink(place);
              return (
                <ButtonLink key={href} href={href} size="sm">
                  {label}
                  <span className="sr-only"> ({plainText(trouble.title)})</span>
                </ButtonLink>
              );
            })}
          </div>
        </div>
      </div>
    </article>
  );
}

/** Further sentences, the first two at once. */
const SHOWN = 2;

function Follows({ label, sentences }: { label: string; sentences: readonly string[] }) {
  const [all, setAll] = useState(false);
  if (sentences.length === 0) return null;
  const shown = all ? sentences : sentences.slice(0, SHOWN);
  return (
    <div>
      <span className="text-sm text-ink-3">{label}</span>
      <ul className="flex flex-col">
        {shown.map((sentence) => (
          <li key={sentence} className="border-l-2 border-line pl-2 break-words text-ink-2">
            {plainText(sentence)}
          </li>
        ))}
      </ul>
      {sentences.length > SHOWN && (
        <Button
          size="sm"
          variant="ghost"
          className="-ml-2"
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? "Show fewer" : `${(sentences.length - SHOWN).toString()} more`}
        </Button>
      )}
    </div>
  );
}

/** One that ended a moment ago: it stays so that whoever looked away knows. */
export function EndedTrouble({ watched: { worst, endedAtMs } }: { watched: WatchedTrouble }) {
  return (
    <li className="flex gap-3 border-b border-l-4 border-b-line border-l-good px-3 py-2 last:border-b-0 sm:px-4">
      <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
      <p className="min-w-0 break-words">
        <span className="font-medium text-good">Resolved</span>
        {endedAtMs !== null && <span className="text-ink-3"> at {formatClock(endedAtMs)}</span>}
        <span className="text-ink-2"> · {plainText(worst.title)}</span>
      </p>
    </li>
  );
}
