"use client";

import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import type { LivePicture } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { useServerNow } from "../live/use-now.ts";
import { cn } from "../ui/cn.ts";
import { proofOf } from "./proof.ts";
import { affectedInWords } from "./trouble-words.ts";
import type { WatchedMesh } from "./use-troubles.ts";

const TONES = {
  good: { icon: CircleCheck, box: "border-good/40 bg-good-tint", mark: "text-good" },
  warn: { icon: TriangleAlert, box: "border-warn/40 bg-warn-tint", mark: "text-warn" },
  bad: { icon: CircleAlert, box: "border-bad/40 bg-bad-tint", mark: "text-bad" },
  unknown: { icon: CircleHelp, box: "border-line-strong bg-sunken", mark: "text-ink-2" },
} as const;

interface VerdictBannerProps {
  readonly mesh: WatchedMesh;
  readonly picture: LivePicture;
  /** Nothing has come for a while: what is shown is old. */
  readonly stale: boolean;
}

/** The one sentence to read at night: whether anything is wrong, and the worst of it; or the figures that prove that nothing is. */
export function VerdictBanner({ mesh, picture, stale }: VerdictBannerProps) {
  const nowMs = useServerNow();
  const { tone, title } = verdictOf(mesh, picture, stale);
  const { icon: Icon, box, mark } = TONES[tone];
  return (
    <section
      aria-label="Verdict"
      className={cn("flex gap-3 rounded-lg border px-4 py-3 sm:items-center sm:px-5 sm:py-4", box)}
    >
      <Icon aria-hidden className={cn("size-7 shrink-0 sm:size-8", mark)} strokeWidth={1.75} />
      <div className="min-w-0">
        <p role="status" className="text-xl font-semibold break-words">
          {title}
        </p>
        {tone === "good" && (
          <ul className="live mt-0.5 flex flex-wrap gap-x-4 text-ink-2">
            {proofOf(picture, nowMs).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        {(tone === "bad" || tone === "warn") && (
          <p className="live mt-0.5 break-words text-ink-2">{effectInWords(mesh)}</p>
        )}
      </div>
    </section>
  );
}

/** What the worst does to callers; where no call is the worse for it, why it is. */
function effectInWords({ wrong: [worst] }: WatchedMesh): string {
  if (worst === undefined) return "";
  const { affects, why } = worst.trouble;
  return affects === null ? plainText(why) : `Affects ${affectedInWords(affects)}.`;
}

interface Verdict {
  readonly tone: keyof typeof TONES;
  readonly title: string;
}

function verdictOf({ wrong }: WatchedMesh, { services }: LivePicture, stale: boolean): Verdict {
  if (stale) return { tone: "unknown", title: "Not known: nothing arrives from the console" };
  const [worst] = wrong;
  if (worst === undefined && services.length === 0) return { tone: "unknown", title: "No service is registered yet" };
  if (worst === undefined) return { tone: "good", title: "All is well" };
  const others = wrong.length - 1;
  const more = others === 0 ? "" : `, and ${others.toString()} more`;
  return { tone: worst.trouble.severity === "bad" ? "bad" : "warn", title: `${plainText(worst.trouble.title)}${more}` };
}
