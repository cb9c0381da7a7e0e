/** An instance as sharing out looks at it. */
export interface Sharer {
  /** From the service's policy; above 0. */
  readonly weight: number;
  /** Where the gateway is. False for all when the gateway does not say where it is. */
  readonly local: boolean;
  /** Neither ejected nor failing its health check; or kept in by hand. */
  readonly healthy: boolean;
  /** Taken out by hand: as if it were not there. */
  readonly out?: boolean;
  /** When this gateway first saw it, monotonic, ms; -Infinity when it was there at the start. */
  readonly sinceMs: number;
}

export interface ShareSettings {
  readonly panicPercent: number;
  /** 0: none. */
  readonly slowStartMs: number;
}

export interface Shares {
  /** By instance; 0: not used now. */
  readonly weights: readonly number[];
  /** So few are healthy that all are used. */
  readonly panic: boolean;
  /** Part of the requests that stays where the gateway is, 0 … 1; 1 without a preference. */
  readonly localShare: number;
  /** Some are still on their slow start: their weights grow with time. */
  readonly growing: boolean;
}

/** Share of its weight that an instance starts with. */
const FIRST_SHARE = 0.1;
/** Local instances take all requests while at least 1 / 1.4 of their capacity is there (Envoy's overprovisioning factor). */
const OVERPROVISIONING = 1.4;

/**
 * Which instances are used, and with which weights.
 *
 * - With fewer healthy than the panic threshold, all are used by weight, wherever they are: better some failures than all
 *   the load on a few.
 * - A new instance's share grows evenly from a tenth of its weight to all of it over the slow start.
 * - Where the gateway has neighbours, they are preferred by Envoy's rule for priorities: with L the healthy part of the
 *   local weights, slow start counted, min(1, 1.4 · L) of the requests stay local and the rest spills over to the others.
 *   Without healthy ones on one side, the other takes all.
 * - Whoever was taken out by hand counts for none of this, and nothing brings it back.
 */
export function shareOut(sharers: readonly Sharer[], settings: ShareSettings, nowMs: number): Shares {
  const present = sharers.filter(({ out }) => out !== true);
  if (present.length < sharers.length) {
    const shares = shareOut(present, settings, nowMs);
    const left = shares.weights.values();
    return { ...shares, weights: sharers.map(({ out }) => (out === true ? 0 : (left.next().value ?? 0))) };
  }
  const healthy = sharers.reduce((count, sharer) => count + (sharer.healthy ? 1 : 0), 0);
  const panic = healthy * 100 < settings.panicPercent * sharers.length;
  const capacities = sharers.map((sharer) =>
    panic || sharer.healthy ? warmed(sharer, settings.slowStartMs, nowMs) : 0,
  );
  const growing = sharers.some(({ sinceMs }) => nowMs - sinceMs < settings.slowStartMs);
  const localShare = panic ? 1 : stayingLocal(sharers, capacities);
  if (localShare === 1 && (panic || !sharers.some(({ local }) => local)))
    return { weights: capacities, panic, localShare, growing };
  const localSum = sum(sharers, capacities, true);
  const otherSum = sum(sharers, capacities, false);
  const weights = sharers.map(({ local }, index) => {
    const capacity = capacities[index] ?? 0;
    // Scaled so that both sides together weigh what they did, each in its share; one-sided weights stay whole numbers.
    if (localShare === 1) return local ? capacity : 0;
    if (localShare === 0) return local ? 0 : capacity;
    const [part, side] = local ? [localShare, localSum] : [1 - localShare, otherSum];
    return (capacity * part * (localSum + otherSum)) / side;
  });
  return { weights, panic, localShare, growing };
}

function warmed({ weight, sinceMs }: Sharer, slowStartMs: number, nowMs: number): number {
  const ageMs = nowMs - sinceMs;
  return ageMs >= slowStartMs
    ? weight
    : weight * (FIRST_SHARE + ((1 - FIRST_SHARE) * Math.max(0, ageMs)) / slowStartMs);
}

function stayingLocal(sharers: readonly Sharer[], capacities: readonly number[]): number {
  const there = sum(sharers, capacities, true);
  const elsewhere = sum(sharers, capacities, false);
  if (there === 0) return sharers.some(({ local }) => local) ? 0 : 1;
  if (elsewhere === 0) return 1;
  const whole = sharers.reduce((total, { local, weight }) => total + (local ? weight : 0), 0);
  return Math.min(1, (OVERPROVISIONING * there) / whole);
}

function sum(sharers: readonly Sharer[], capacities: readonly number[], local: boolean): number {
  return sharers.reduce((total, sharer, index) => total + (sharer.local === local ? (capacities[index] ?? 0) : 0), 0);
}
