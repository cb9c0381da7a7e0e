import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { SortableTh, Td } from "../ui/table.tsx";
import type { Sorting } from "../ui/use-sorted.ts";

/** Headings of the three columns that say how calls went. */
export function TrafficHeads({ sorting }: { sorting: Sorting<"rate" | "errors" | "p95"> }) {
  return (
    <>
      <SortableTh column="rate" sorting={sorting} numeric>
        Requests
      </SortableTh>
      <SortableTh column="errors" sorting={sorting} numeric>
        Errors
      </SortableTh>
      <SortableTh column="p95" sorting={sorting} numeric>
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
export function TrafficCells({ traffic }: { traffic: Traffic | null | undefined }) {
  return (
    <>
      <Td className="text-right whitespace-nowrap">{formatRate(traffic?.requestsPerSecond ?? 0)}</Td>
      <Td className="text-right whitespace-nowrap">{formatRatio(traffic?.errorRatio ?? 0)}</Td>
      <Td className="text-right whitespace-nowrap">{formatLatency(traffic?.p95Ms ?? null)}</Td>
    </>
  );
}
