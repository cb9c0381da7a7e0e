import type { LiveService } from "#domain/live.ts";
import { isCallable } from "#domain/instance.ts";
import { modeOf } from "#domain/override-reach.ts";
import { settingInForce, type InstanceSetting } from "#domain/service-policy.ts";
import { formatMoment } from "../format/time.ts";
import type { BadgeTone } from "../ui/badge.tsx";

/** How an instance stands over all gateways, by what is worst. */
export type StandKind =
  | "forced-out"
  | "ejected"
  | "unhealthy"
  | "kept-in"
  | "no-traffic"
  | "drained"
  | "leaving"
  | "unconfirmed"
  | "in";

export interface InstanceStand {
  readonly id: string;
  readonly kind: StandKind;
  /** `ejected until 14:02:11 at gateway-1`; several joined by semicolons. */
  readonly words: string;
  /** Times it was taken out, at all gateways. */
  readonly ejections: number;
}

export const STAND_STYLES: Readonly<Record<StandKind, { readonly word: string; readonly tone: BadgeTone }>> = {
  "forced-out": { word: "Forced out", tone: "bad" },
  ejected: { word: "Ejected", tone: "bad" },
  unhealthy: { word: "Unhealthy", tone: "bad" },
  "kept-in": { word: "Kept in", tone: "warn" },
  "no-traffic": { word: "Takes no traffic", tone: "off" },
  drained: { word: "Drained", tone: "warn" },
  leaving: { word: "Leaving", tone: "off" },
  unconfirmed: { word: "Unconfirmed", tone: "warn" },
  in: { word: "Serving", tone: "good" },
};

const WORST_FIRST: readonly StandKind[] = [
  "leaving",
  "forced-out",
  "no-traffic",
  "drained",
  "ejected",
  "unhealthy",
  "kept-in",
  "unconfirmed",
];

type Standing = LiveService["standings"][number];
type Settings = Readonly<Record<string, InstanceSetting>>;

/** Every registered instance of the service, as its gateways have it at `nowMs` (Unix epoch). */
export function standsOf(service: LiveService, settings: Settings, nowMs: number): InstanceStand[] {
  const standingsOf = Map.groupBy(service.standings, ({ instance }) => instance);
  return service.instances.map((registered) => {
    const { id, serving, presence, protocol } = registered;
    const standings = standingsOf.get(id) ?? [];
    const found = factsOf(standings, nowMs);
    const { drained, weight } = settingInForce(settings, registered);
    if (!serving) found.push({ kind: "no-traffic", words: "says itself that it takes no traffic" });
    if (!isCallable(registered))
      found.push({ kind: "no-traffic", words: `speaks ${protocol}, which gateways do not call` });
    if (presence === "leaving") found.push({ kind: "leaving", words: "its registration has just gone" });
    if (presence === "unconfirmed")
      found.push({ kind: "unconfirmed", words: "vanished with most of the registry; used until that is certain" });
    if (drained || weight === 0) found.push({ kind: "drained", words: drained ? "drained" : "weight 0" });
    const ejections = standings.reduce((sum, standing) => sum + standing.ejections, 0);
    const kind = WORST_FIRST.find((candidate) => found.some((fact) => fact.kind === candidate)) ?? "in";
    const words = found.length === 0 ? "serving" : found.map((fact) => fact.words).join("; ");
    return { id, kind, words, ejections };
  });
}

interface Fact {
  readonly kind: StandKind;
  readonly words: string;
}

/** What gateways say alike is said once, with where. */
function factsOf(standings: readonly Standing[], nowMs: number): Fact[] {
  const places = new Map<string, { kind: StandKind; gateways: Set<string> }>();
  const say = (kind: StandKind, words: string, gatewayId: string): void => {
    const known = places.get(words);
    if (known === undefined) places.set(words, { kind, gateways: new Set([gatewayId]) });
    else known.gateways.add(gatewayId);
  };
  for (const standing of standings) {
    const { override, ejectedUntilMs, health, gatewayId } = standing;
    const mode = modeOf(standing, nowMs);
    if (override !== null && mode !== null) {
      const until =
        override.expiresAtMs === null ? "until lifted" : `until ${formatMoment(override.expiresAtMs, nowMs)}`;
      const word = mode === "forced-open" ? "forced out" : "kept in";
      say(mode === "forced-open" ? "forced-out" : "kept-in", `${word} by ${override.actor} ${until}`, gatewayId);
    }
    const under = mode === "forced-closed" ? "kept-in" : null;
    if (ejectedUntilMs !== null && ejectedUntilMs > nowMs) {
      const word = under === null ? "ejected" : "would be ejected";
      say(under ?? "ejected", `${word} until ${formatMoment(ejectedUntilMs, nowMs)}`, gatewayId);
    }
    if (health === "unhealthy")
      say(
        under ?? "unhealthy",
        under === null ? "fails its health check" : "would be out: fails its health check",
        gatewayId,
      );
  }
  return [...places].map(([words, { kind, gateways }]) => ({ kind, words: `${words} at ${[...gateways].join(", ")}` }));
}

/** `4 instances: 2 serving, 1 ejected, 1 drained`. */
export function standsInWords(stands: readonly InstanceStand[]): string {
  const counts = new Map<StandKind, number>();
  for (const { kind } of stands) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${count.toString()} ${STAND_STYLES[kind].word.toLowerCase()}`);
  const total = `${stands.length.toString()} instance${stands.length === 1 ? "" : "s"}`;
  return parts.length === 0 ? total : `${total}: ${parts.join(", ")}`;
}
