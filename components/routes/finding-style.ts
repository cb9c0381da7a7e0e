import { CircleAlert, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import type { Finding } from "#domain/route-finding.ts";
import type { BadgeTone } from "../ui/badge.tsx";
import { formatCount } from "../format/number.ts";

type Severity = Finding["severity"];

/** How findings look, worst first. */
export const SEVERITIES: Readonly<
  Record<
    Severity,
    { readonly rank: number; readonly tone: BadgeTone; readonly icon: LucideIcon; readonly color: string }
  >
> = {
  error: { rank: 0, tone: "bad", icon: CircleAlert, color: "text-bad" },
  warning: { rank: 1, tone: "warn", icon: TriangleAlert, color: "text-warn" },
  note: { rank: 2, tone: "off", icon: Info, color: "text-ink-3" },
};

/** Findings with the worst first; of the same kind in the order they came. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => SEVERITIES[a.severity].rank - SEVERITIES[b.severity].rank);
}

/** `1 error, 2 warnings`. */
export function findingsInWords(findings: readonly Finding[]): string {
  return (["error", "warning", "note"] as const)
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${formatCount(count)} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}

/** For sorting lists of findings, each worst first: those with the worst come first, those without any last. */
export function findingsRank(findings: readonly Finding[]): number {
  const [worst] = findings;
  return worst === undefined ? Object.keys(SEVERITIES).length : SEVERITIES[worst.severity].rank;
}
