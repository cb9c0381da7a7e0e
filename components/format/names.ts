import { formatCount } from "./number.ts";

/** `a`, `a and b`, `a, b and c`; of more than `max` the rest is counted: `a, b and 28 more`. */
export function someNames(names: readonly string[], max = 3): string {
  if (names.length <= max) return joined(names);
  const named = names.slice(0, max - 1);
  return joined([...named, `${formatCount(names.length - named.length)} more`]);
}

function joined(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
