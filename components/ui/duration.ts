/** Units a person may type a time in, and their length in ms. */
export const DURATION_UNITS = { ms: 1, s: 1000, min: 60_000 } as const;
export type DurationUnit = keyof typeof DURATION_UNITS;

/** A time as number and unit: in minutes or seconds when it is a whole number of them, else in ms. */
export function splitDuration(valueMs: number): { readonly text: string; readonly unit: DurationUnit } {
  if (!Number.isFinite(valueMs)) return { text: "", unit: "ms" };
  const unit = valueMs > 0 && valueMs % 60_000 === 0 ? "min" : valueMs > 0 && valueMs % 1000 === 0 ? "s" : "ms";
  return { text: (valueMs / DURATION_UNITS[unit]).toString(), unit };
}
