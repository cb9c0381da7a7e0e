const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes per second: `0 B/s`, `640 B/s`, `12.4 kB/s`. */
export function formatByteRate(perSecond: number): string {
  let value = Math.max(0, perSecond);
  let at = 0;
  while (value >= 999.5 && at < UNITS.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, "")}\u00a0${UNITS[at] ?? "TB"}/s`;
}
