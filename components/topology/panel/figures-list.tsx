import { formatBytes } from "../../format/bytes.ts";
import { formatErrors, formatLatency, formatRate, NO_VALUE } from "../../format/number.ts";
import { Stat } from "../../ui/stat.tsx";
import type { Figures } from "../model/figures.ts";

/** All figures of an element; with `merged`, percentiles are upper bounds. */
export function FiguresList({ figures, merged = false }: { figures: Figures; merged?: boolean }) {
  const latency = (ms: number | null): string => (merged && ms !== null ? `≤ ${formatLatency(ms)}` : formatLatency(ms));
  return (
    <dl className="grid grid-cols-3 gap-3">
      <Stat label="Requests">{formatRate(figures.requestsPerSecond)}</Stat>
      <Stat label="Errors">{formatErrors(figures)}</Stat>
      <Stat label="Response bytes">
        {figures.bytesPerSecond === null ? NO_VALUE : `${formatBytes(figures.bytesPerSecond)}/s`}
      </Stat>
      <Stat label="p50">{latency(figures.p50Ms)}</Stat>
      <Stat label="p95">{latency(figures.p95Ms)}</Stat>
      <Stat label="p99">{latency(figures.p99Ms)}</Stat>
    </dl>
  );
}
