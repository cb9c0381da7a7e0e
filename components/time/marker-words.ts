import type { Marker, MarkerKind } from "#domain/history.ts";
import { links } from "../links.ts";
import { policyPlace } from "../sync/policy-place.ts";

/** Each kind in words: by itself, and counted. */
export const MARKER_WORDS: Readonly<
  Record<MarkerKind, { readonly word: string; readonly one: string; readonly many: string }>
> = {
  revision: { word: "Edits", one: "edit", many: "edits" },
  override: { word: "Overrides", one: "override change", many: "override changes" },
  drift: { word: "Drift", one: "drift finding", many: "drift findings" },
  breaker: { word: "Breakers", one: "breaker transition", many: "breaker transitions" },
  instance: { word: "Instances", one: "instance change", many: "instance changes" },
  gateway: { word: "Gateways", one: "gateway change", many: "gateway changes" },
};

export const TONE_COLORS: Readonly<Record<Marker["tone"], string>> = {
  good: "var(--good)",
  neutral: "var(--accent)",
  warn: "var(--warn)",
  bad: "var(--bad)",
};

/** `3 edits, 1 breaker transition`; empty for nothing. */
export function countsInWords(counts: ReadonlyMap<MarkerKind, number>): string {
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count.toString()} ${count === 1 ? MARKER_WORDS[kind].one : MARKER_WORDS[kind].many}`)
    .join(", ");
}

export interface MarkerLink {
  readonly name: string;
  readonly href: string;
}

/** Where people look at what a marker is about. */
export function markerLinks({ kind, concerns }: Pick<Marker, "kind" | "concerns">): readonly MarkerLink[] {
  if (kind === "gateway") return [{ name: "Gateways", href: links.gateways() }];
  return concerns.flatMap((concern) => {
    if (!concern.includes("/")) return [{ name: `Service ${concern}`, href: links.service(concern) }];
    const { name, href } = policyPlace(concern);
    return href === null ? [] : [{ name, href }];
  });
}

/** What is searched of a marker. */
export function markerText({ kind, title, actor, concerns }: Marker): string {
  return [MARKER_WORDS[kind].word, title, actor, ...concerns].join(" ").toLowerCase();
}
