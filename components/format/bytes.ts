const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** A number of bytes, by thousands: `820 B`, `1.2 kB`, `14 MB`. */
export function formatBytes(bytes: number): string {
  let size = Math.max(0, bytes);
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && size < 9.95 ? 1 : 0;
  return `${size.toFixed(digits)}\u00a0${UNITS[unit] ?? ""}`;
}
