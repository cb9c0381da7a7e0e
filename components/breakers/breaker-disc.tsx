import { placeOf } from "#domain/breaker-place.ts";
import type { FleetBreaker } from "#domain/live.ts";
import { cn } from "../ui/cn.ts";
import { effectiveOf, fleetWindow, isIdle, STATE_STYLES, worstState, type EffectiveState } from "./breaker-state.ts";

const CENTRE = 32;
const RING = 29;
const DISC_MIN = 3;
const DISC_MAX = 25;
const NONE: ReadonlySet<string> = new Set();

/** Radius whose area is in proportion to the rate; one of `full` calls per second fills the ring. */
export function discRadius(perSecond: number, full: number): number {
  if (perSecond <= 0 || full <= 0) return DISC_MIN;
  return Math.min(DISC_MAX, Math.max(DISC_MIN, DISC_MAX * Math.sqrt(perSecond / full)));
}

/** The round figure (1, 2 or 5 and zeros) at or above the busiest rate: the scale of all tiles, which seldom changes. */
export function fullDisc(busiest: number): number {
  if (busiest <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(busiest));
  return power * ([1, 2, 5].find((step) => step * power >= busiest) ?? 10);
}

/** State first, then errors: a closed breaker over failing calls is not green, one without calls neither. */
function discColor(breaker: FleetBreaker, state: EffectiveState | null): string {
  if (state === null) return "var(--off)";
  if (state !== "closed") return STATE_STYLES[state].color;
  if (isIdle(breaker)) return "var(--off)";
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
  open: "3 2",
  "forced-open": "3 2",
  "half-open": "8 3",
  "forced-closed": "8 3",
};

interface BreakerDiscProps {
  readonly breaker: FleetBreaker;
  /** Calls per second of a full disc. */
  readonly full: number;
  /** Ids of gateways that tell nothing now. */
  readonly silent?: ReadonlySet<string>;
  /** Too small for the state's icon, which then stands beside it. */
  readonly small?: boolean;
}

/** Area: offered calls, refused ones included. Ring: one arc for each gateway's effective state. */
export function BreakerDisc({ breaker, full, silent = NONE, small = false }: BreakerDiscProps) {
  const state = worstState(breaker);
  const count = breaker.gateways.length;
  const gap = count > 1 ? Math.min(0.03, 0.25 / count) : 0.0005;
  const Icon = state === null ? null : STATE_STYLES[state].icon;
  const radius = discRadius(breaker.offeredPerSecond, full);
  const color = discColor(breaker, state);
  return (
    <svg
      role="img"
      aria-label={breaker.gateways.map((placed) => arcName(placed, silent)).join("; ")}
      viewBox="0 0 64 64"
      className={cn("shrink-0", small ? "size-7" : "size-16")}
    >
      {breaker.gateways.map((placed, at) => {
        const effective = effectiveOf(placed.reading);
        return (
          <path
            key={placeOf(placed)}
            d={arc(at / count + gap / 2, (at + 1) / count - gap / 2)}
            fill="none"
            stroke={STATE_STYLES[effective].color}
            strokeWidth={(effective === "closed" ? 3 : 5) * (small ? 1.3 : 1)}
            strokeDasharray={DASHES[effective]}
            opacity={silent.has(placed.gatewayId) ? 0.35 : effective === "closed" ? 0.6 : 1}
          >
            <title>{arcName(placed, silent)}</title>
          </path>
        );
      })}
      <circle
        cx={CENTRE}
        cy={CENTRE}
        r={radius}
        fill={color}
        fillOpacity={isIdle(breaker) ? 0 : 0.25}
        stroke={color}
        strokeWidth={1.25}
      />
      {Icon !== null && !small && <Icon x={24} y={24} width={16} height={16} color={color} />}
    </svg>
  );
}

function arcName(placed: FleetBreaker["gateways"][number], silent: ReadonlySet<string>): string {
  const word = STATE_STYLES[effectiveOf(placed.reading)].word.toLowerCase();
  return `${placeOf(placed)}: ${word}${silent.has(placed.gatewayId) ? " when last seen" : ""}`;
}
