import { formatErrors, formatLatency, formatRate, formatRatio } from "../../format/number.ts";
import { formatBytes } from "../../format/bytes.ts";
import type { Figures } from "./figures.ts";
import type { EdgeFigure } from "./graph-options.ts";

/** Figures to a line of a label: more could not be told from the next arrow's. */
const PER_LINE = 2;

/** Lines of an arrow's label: the chosen figures, but for what is not known of it. */
export function edgeLabel(figures: Figures, share: number | null, chosen: readonly EdgeFigure[]): string[] {
  const words = chosen.flatMap((figure) => wordsOf(figure, figures, share));
  return Array.from({ length: Math.ceil(words.length / PER_LINE) }, (_, line) =>
    words.slice(line * PER_LINE, (line + 1) * PER_LINE).join(" · "),
  );
}

function wordsOf(figure: EdgeFigure, figures: Figures, share: number | null): string[] {
  switch (figure) {
    case "rate":
      return [formatRate(figures.requestsPerSecond)];
    case "error":
      return figures.requestsPerSecond > 0 ? [`${formatErrors(figures)} err`] : [];
    case "share":
      return share === null ? [] : [`${formatRatio(share)} of calls`];
    case "bytes":
      return figures.bytesPerSecond === null ? [] : [`${formatBytes(figures.bytesPerSecond)}/s`];
    case "p50":
    case "p95":
    case "p99": {
      const ms = { p50: figures.p50Ms, p95: figures.p95Ms, p99: figures.p99Ms }[figure];
      return ms === null ? [] : [`${figure} ${formatLatency(ms)}`];
    }
  }
}
