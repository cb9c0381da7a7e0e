const natural = new Intl.Collator("en", { numeric: true });

/** Order of ids that does not depend on how they were given: `a-2` before `a-10`. */
export function compareIds(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : Number(a > b));
}
