import { METRICS } from "./metrics.ts";
import type { SignalFrame } from "./signal-frame.ts";

/** All lines as comma-separated values (RFC 4180), a row for each moment and line that is on record. */
export function signalsCsv({ times, lines }: SignalFrame): string {
  const head = ["time", "line", ...METRICS.map(({ key }) => key)];
  const rows = times.flatMap((atMs, at) =>
    lines.flatMap(({ name, points }) => {
      const point = points[at];
      if (point === null || point === undefined) return [];
      const figures = METRICS.map(({ valueOf }) => valueOf(point)?.toString() ?? "");
      return [[new Date(atMs).toISOString(), cell(name), ...figures]];
    }),
  );
  return [head, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** Quoted where need be. A name that a spreadsheet would take for a formula is made text: anybody may register one. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
