/** Names of the parameters of the address. */
export const SHOWN = "at";
export const COMPARED = "compare";
/** Sequence of the audit entry that led to a moment. */
export const ENTRY = "entry";

/** In the address, in place of a moment: the mesh as it is now. */
export const NOW = "now";

/** The latest that a Date can hold, Unix epoch, ms. */
const LAST_MS = 8.64e15;

/** Unix epoch, ms, of a moment in the address: ISO 8601 with its time zone, or ms. Null: it names none. */
export function readMoment(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,16}$/.test(text)) {
    const ms = Number(text);
    return ms <= LAST_MS ? ms : null;
  }
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  const ms = Date.parse(text);
  return ms >= 0 ? ms : null;
}

/** How a moment (Unix epoch, ms) stands in the address. */
export function writeMoment(atMs: number): string {
  return new Date(atMs).toISOString();
}
