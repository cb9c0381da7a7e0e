"use client";

import { placeOf } from "#domain/breaker-place.ts";
import type { BreakerSettings } from "#domain/breaker-policy.ts";
import type { FleetBreaker } from "#domain/live.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { formatMoment } from "../../format/time.ts";
import { useServerNow } from "../../live/use-now.ts";
import { cn } from "../../ui/cn.ts";
import { effectiveOf, STATE_STYLES } from "../breaker-state.ts";
import { firstOpeningInWords } from "../first-opening.ts";
import { StateBadge } from "../state-badge.tsx";
import { errorGauge, slowGauge, volumeGauge } from "./gauge-words.ts";
import { heldInWords, recoveryInWords, recoveryStages } from "./recovery-words.ts";
import { ShareMeter } from "./share-meter.tsx";

interface GatewayGaugesProps {
  readonly breaker: FleetBreaker;
  /** What binds it now. */
  readonly settings: BreakerSettings;
}

/** The breaker at each gateway: both layers of state, the window against its thresholds, and the way back. */
export function GatewayGauges({ breaker, settings }: GatewayGaugesProps) {
  const nowMs = useServerNow();
  return (
    <ul className={cn("grid gap-4", breaker.gateways.length > 1 && "sm:grid-cols-2")}>
      {breaker.gateways.map(({ gatewayId, reading }) => {
        const place = placeOf({ gatewayId, reading });
        const first = firstOpeningInWords(reading, nowMs);
        return (
          <GatewayCard key={place} place={place} reading={reading} first={first} settings={settings} nowMs={nowMs} />
        );
      })}
    </ul>
  );
}

interface GatewayCardProps {
  readonly place: string;
  readonly reading: BreakerReading;
  /** Why it opened in the first place, when trials have failed since. */
  readonly first: string;
  readonly settings: BreakerSettings;
  readonly nowMs: number;
}

function GatewayCard({ place, reading, first, settings, nowMs }: GatewayCardProps) {
  const held = heldInWords(reading, nowMs);
  const slow = slowGauge(reading);
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="font-medium">{place}</h3>
        <StateBadge state={effectiveOf(reading)} />
        {held === null && <span className="text-sm text-ink-3">since {formatMoment(reading.sinceMs, nowMs)}</span>}
      </div>
      {held !== null && <p className="text-sm break-words text-warn">{held}</p>}
      {held === null && reading.cause !== "" && <p className="text-sm break-words text-ink-2">{reading.cause}</p>}
      {held === null && first !== "" && <p className="text-sm break-words text-ink-2">{first}</p>}
      <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        <ShareMeter gauge={errorGauge(reading)} place={place} />
        <ShareMeter gauge={volumeGauge(reading)} place={place} />
        {slow !== null && <ShareMeter gauge={slow} place={place} />}
      </div>
      {reading.state !== "closed" && (
        <div className="mt-1 border-t border-line pt-2">
          <Stages reading={reading} settings={settings} />
          {recoveryInWords(reading, settings, nowMs).map((sentence) => (
            <p key={sentence.slice(0, 8)} className="text-sm text-ink-2">
              {sentence}
            </p>
          ))}
        </div>
      )}
    </li>
  );
}

function Stages({ reading, settings }: { reading: BreakerReading; settings: BreakerSettings }) {
  return (
    <ol aria-label="The way back" className="mb-1 flex flex-wrap items-center gap-1 text-sm">
      {recoveryStages(reading, settings).map(({ name, reached }) => (
        <li
          key={name}
          aria-current={reached === "now" ? "step" : undefined}
          className={cn(
            "rounded px-1.5",
            reached === "now" && "font-semibold text-surface",
            reached === "done" && "text-ink-3 line-through",
            reached === "ahead" && "bg-hover text-ink-2",
          )}
          style={reached === "now" ? { background: STATE_STYLES[reading.state].color } : undefined}
        >
          {name}
        </li>
      ))}
    </ol>
  );
}
