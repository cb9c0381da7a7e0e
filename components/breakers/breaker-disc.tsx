import { placeOf } from "#domain/breaker-place.ts";
import type { FleetBreaker } from "#domain/live.ts";
import { effectiveOf, fleetWindow, STATE_STYLES, worstState, type EffectiveState } from "./breaker-state.ts";

const CENTRE = 32;
const RING = 29;
const DISC_MIN = 5;
const DISC_MAX = 24;

/** Radius whose area is in proportion to the rate; the busiest breaker in view fills the ring. */
export function discRadius(perSecond: number, busiest: number): number {
  if (perSecond <= 0 || busiest <= 0) return DISC_MIN;
  return Math.max(DISC_MIN, DISC_MAX * Math.sqrt(perSecond / busiest));
}

/** State first, then errors: a closed breaker over failing calls is not green. */
function discColor(breaker: FleetBreaker, state: EffectiveState | null): string {
  if (state === null) return "var(--off)";
  if (state !== "closed") return STATE_STYLES[state].color;
  const { percent } = fleetWindow(breaker);
  return percent >= 10 ? "var(--bad)" : percent >= 1 ? "var(--warn)" : "var(--good)";
}

function arc(from: number, to: number): string {
  const at = (turn: number): string => {
    const angle = turn * 2 * Math.PI - Math.PI / 2;
    return `${(CENTRE + RING * Math.cos(angle)).toFixed(2)} ${(CENTRE + RING * Math.sin(angle)).toFixed(2)}`;
  };
  return `M ${at(from)} A ${RING.toString()} ${RING.toString()} 0 ${to - from > 0.5 ? "1" : "0"} 1 ${at(to)}`;
}

/** Dashes tell the states apart where colours do not. */
const DASHES: Readonly<Record<EffectiveState, string | undefined>> = {
  closed: undefined,
  open: "2 2",
  "forced-open": "2 2",
  "half-open": "8 3",
  "forced-closed": "8 3",
};

interface BreakerDiscProps {
  readonly breaker: FleetBreaker;
  /** Highest offered rate among the breakers in view. */
  readonly busiest: number;
}

/** Area: offered requests, refused ones included. Ring: one arc for each gateway's effective state. */
export function BreakerDisc({ breaker, busiest }: BreakerDiscProps) {
  const state = worstState(breaker);
  const count = breaker.gateways.length;
  const gap = count > 1 ? 0.02 : 0.0005;
  const Icon = state === null ? null : STATE_STYLES[state].icon;
  const radius = discRadius(breaker.offeredPerSecond, busiest);
  return (
    <svg aria-hidden viewBox="0 0 64 64" className="size-16 shrink-0">
      {breaker.gateways.map(({ gatewayId, reading }, at) => {
        const effective = effectiveOf(reading);
        return (
          <path
            key={placeOf({ gatewayId, reading })}
            d={arc(at / count + gap / 2, (at + 1) / count - gap / 2)}
            fill="none"
            stroke={STATE_STYLES[effective].color}
            strokeWidth={4}
            strokeDasharray={DASHES[effective]}
          />
        );
      })}
      <circle cx={CENTRE} cy={CENTRE} r={radius} fill={discColor(breaker, state)} opacity={0.22} />
      <circle cx={CENTRE} cy={CENTRE} r={radius} fill="none" stroke={discColor(breaker, state)} strokeWidth={1.25} />
      {Icon !== null && <Icon x={24} y={24} width={16} height={16} color={discColor(breaker, state)} />}
    </svg>
  );
}
