"use client";

import { useLiveStore } from "../live/live-provider.tsx";
import { useServerValue } from "../live/use-now.ts";
import { useServicePolicy } from "../services/use-service-policy.ts";
import { cn } from "../ui/cn.ts";
import { STAND_STYLES, standsInWords, standsOf, type InstanceStand, type StandKind } from "./instance-stand.ts";

/** More dots than this are a number. */
const MAX_DOTS = 40;

/** Shape besides colour: full, hollow, crossed out. */
const DOTS: Readonly<Record<StandKind, string>> = {
  "forced-out": "rounded-[2px] bg-bad",
  ejected: "rounded-full border-2 border-bad",
  unhealthy: "rounded-full border-2 border-dashed border-bad",
  "kept-in": "rounded-[2px] bg-warn",
  "no-traffic": "rounded-full border-2 border-line-strong",
  drained: "rounded-full border-2 border-warn",
  leaving: "rounded-full border-2 border-dotted border-line-strong",
  unconfirmed: "rounded-full border-2 border-dotted border-warn",
  in: "rounded-full bg-good",
};

const ORDER = Object.keys(STAND_STYLES);
const worstFirst = (stands: readonly InstanceStand[]): readonly InstanceStand[] =>
  stands.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));

function Dot({ stand }: { stand: InstanceStand }) {
  return (
    <span
      aria-hidden
      title={`${stand.id}: ${stand.words}`}
      className={cn("inline-block size-2.5 shrink-0", DOTS[stand.kind])}
    />
  );
}

/** One dot for each registered instance of a service; opened, each of them in words, the worst first. `bare`: a label stands before them already. */
export function InstanceDots({ service: name, bare = false }: { service: string; bare?: boolean }) {
  const store = useLiveStore();
  const settings = useServicePolicy(name).row?.spec.instances ?? {};
  const stands = useServerValue((nowMs) => {
    const service = store.get().picture?.services.find((candidate) => candidate.name === name);
    return service === undefined ? [] : standsOf(service, settings, nowMs);
  });
  if (stands.length === 0) return <p className="text-sm text-ink-3">No instance is registered</p>;
  const shown = stands.length <= MAX_DOTS ? stands : worstFirst(stands).slice(0, MAX_DOTS);
  return (
    <details className="text-sm">
      <summary className="flex min-h-6 list-none flex-wrap items-center gap-1 rounded hover:bg-hover [&::-webkit-details-marker]:hidden">
        <span className="sr-only">{standsInWords(stands)}</span>
        {!bare && (
          <span aria-hidden className="mr-1 text-ink-3">
            Instances
          </span>
        )}
        {shown.map((stand) => (
          <Dot key={stand.id} stand={stand} />
        ))}
        {shown.length < stands.length && (
          <span aria-hidden className="text-ink-3">
            +{stands.length - shown.length}
          </span>
        )}
      </summary>
      <ul aria-label={`Instances of ${name}`} className="mt-1 flex max-h-48 flex-col gap-1 overflow-y-auto">
        {worstFirst(stands).map((stand) => (
          <li key={stand.id} className="flex items-baseline gap-2">
            <span className="translate-y-px">
              <Dot stand={stand} />
            </span>
            <span className="min-w-0 break-words">
              <span className="font-mono">{stand.id}</span> <span className="text-ink-2">{stand.words}</span>
              {stand.ejections > 0 && <span className="text-ink-3">, ejected {times(stand.ejections)} so far</span>}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function times(count: number): string {
  return count === 1 ? "once" : `${count.toString()} times`;
}
