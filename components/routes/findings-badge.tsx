import type { Finding } from "#domain/route-finding.ts";
import { NO_VALUE } from "../format/number.ts";
import { Badge } from "../ui/badge.tsx";
import { findingsInWords, SEVERITIES } from "./finding-style.ts";

/** What the checks say of one route, in a list: how many findings, the worst in full. `findings` are sorted, worst first. */
export function FindingsBadge({ findings }: { findings: readonly Finding[] }) {
  const [worst] = findings;
  if (worst === undefined) return <span className="text-ink-3">{NO_VALUE}</span>;
  const { tone, icon } = SEVERITIES[worst.severity];
  return (
    <Badge tone={tone} icon={icon} title={findings.map(({ message }) => message).join("\n")}>
      {findingsInWords(findings)}
    </Badge>
  );
}
