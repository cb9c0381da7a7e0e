const NBSP = "\u00a0";

function two(value: number): string {
  return value.toString().padStart(2, "0");
}

/** Local time of day, 24 hours: `14:02:11`. */
export function formatClock(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Local date and time: `2026-11-23 14:02:11`. */
export function formatDateTime(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear().toString()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${formatClock(atMs)}`;
}

/** Time of day when `atMs` is on the same local day as `nowMs`, else with the date. */
export function formatMoment(atMs: number, nowMs: number): string {
  return new Date(atMs).toDateString() === new Date(nowMs).toDateString() ? formatClock(atMs) : formatDateTime(atMs);
}

const UNITS = [
  { ms: 86_400_000, name: "d" },
  { ms: 3_600_000, name: "h" },
  { ms: 60_000, name: "min" },
  { ms: 1000, name: "s" },
] as const;

/** A span in its two largest units: `12 s`, `3 min 20 s`, `2 h`. Below a second: `0 s`. */
export function formatSpan(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1000) * 1000);
  const largest = UNITS.findIndex((unit) => rest >= unit.ms);
  if (largest === -1) return `0${NBSP}s`;
  const parts = UNITS.slice(largest, largest + 2).flatMap((unit) => {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    return count === 0 ? [] : [`${count.toString()}${NBSP}${unit.name}`];
  });
  return parts.join(NBSP);
}

/** How long ago: `just now`, `12 s ago`, `3 min ago`. One unit is enough: it is read at a glance. */
export function formatAgo(atMs: number, nowMs: number): string {
  const span = Math.max(0, nowMs - atMs);
  const unit = UNITS.find((candidate) => span >= candidate.ms);
  return unit === undefined ? "just now" : `${Math.floor(span / unit.ms).toString()}${NBSP}${unit.name}${NBSP}ago`;
}

/** A setting of so many ms in the largest unit that needs no fraction: `1500 ms`, `15 s`, `10 min`. */
export function formatSetting(ms: number): string {
  const unit = UNITS.find((candidate) => ms >= candidate.ms && ms % candidate.ms === 0);
  return unit === undefined ? `${ms.toString()}${NBSP}ms` : `${(ms / unit.ms).toString()}${NBSP}${unit.name}`;
}
