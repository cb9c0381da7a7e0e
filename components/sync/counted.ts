import { formatCount } from "../format/number.ts";

/** A count with the word that fits it: `1 document`, `2,000 documents`. */
export function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
