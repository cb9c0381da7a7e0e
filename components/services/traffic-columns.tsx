import { formatErrors, formatLatency, formatRate } from "../format/number.ts";
import { cn } from "../ui/cn.ts";
import { SortableTh, Td } from "../ui/table.tsx";
import type { Sorting } from "../ui/use-sorted.ts";

interface TrafficHeadsProps {
  readonly sorting: Sorting<"rate" | "errors" | "p95">;
  readonly className?: string;
}

/** Headings of the three columns that say how calls went. */
export function TrafficHeads({ sorting, className }: TrafficHeadsProps) {
  return (
    <>
      <SortableTh column="rate" sorting={sorting} numeric {...(className !== undefined && { className })}>
        Requests
      </SortableTh>
      <SortableTh column="errors" sorting={sorting} numeric {...(className !== undefined && { className })}>
        Errors
      </SortableTh>
      <SortableTh column="p95" sorting={sorting} numeric {...(className !== undefined && { className })}>
        p95
      </SortableTh>
    </>
  );
}

interface Traffic {
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms: number | null;
}

/** The cells below them; without traffic, what none of it looks like. */
export function TrafficCells({ traffic, className }: { traffic: Traffic | null | undefined; className?: string }) {
  const cell = cn("text-right whitespace-nowrap", className);
  return (
    <>
      <Td className={cell}>{formatRate(traffic?.requestsPerSecond ?? 0)}</Td>
      <Td className={cell}>{formatErrors(traffic)}</Td>
      <Td className={cell}>{formatLatency(traffic?.p95Ms ?? null)}</Td>
    </>
  );
}
