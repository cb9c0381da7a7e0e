/** Units a figure may be typed in, each with how many of the smallest it is; smallest first. */
export type Units = Readonly<Record<string, number>>;

/** Of a time, in ms. */
export const DURATION_UNITS = { ms: 1, s: 1000, min: 60_000 } as const satisfies Units;
/** Of a size, in bytes. */
export const SIZE_UNITS = { bytes: 1, KiB: 1024, MiB: 1024 * 1024 } as const satisfies Units;

/** A figure as number and unit: in the largest unit it is a whole number of. Nothing and NaN are an empty field. */
export function splitQuantity(value: number | null, units: Units): { readonly text: string; readonly unit: string } {
  const [smallest = ""] = Object.keys(units);
  if (value === null || !Number.isFinite(value)) return { text: "", unit: smallest };
  const fitting = Object.entries(units).findLast(([, size]) => size === 1 || (value > 0 && value % size === 0));
  const [unit, size] = fitting ?? [smallest, 1];
  return { text: (value / size).toString(), unit };
}

/** The figure a text stands for; null when it is empty, NaN when it is no number. */
export function joinQuantity(text: string, unit: string, units: Units): number | null {
  return text.trim() === "" ? null : Math.round(Number(text) * (units[unit] ?? 1));
}
