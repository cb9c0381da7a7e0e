/** How bad it is. `note`: nothing is wrong yet, and somebody should know. */
export type Severity = "bad" | "warn" | "note";

/** Where something can be looked at, or done about it. */
export type TroublePlace =
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "instances"; readonly service: string }
  | { readonly kind: "breaker"; readonly key: string }
  | { readonly kind: "jvm-command"; readonly key: string }
  | { readonly kind: "topology"; readonly select: string }
  | { readonly kind: "gateways" }
  | { readonly kind: "services" }
  | { readonly kind: "sync" }
  | { readonly kind: "drift" };

/** One thing that is wrong, or about to be. */
export interface TroubleFact {
  readonly severity: Severity;
  /** Of two equally severe ones the lower is looked at first. */
  readonly rank: number;
  /** `payments: its breaker is open`, for people; no full stop. */
  readonly title: string;
  /** Why, in a sentence. */
  readonly why: string;
  /** Unix epoch, ms; null: nobody recorded it. */
  readonly sinceMs: number | null;
  /** What to do about it, in a sentence. */
  readonly advice: string;
  /** Best first. */
  readonly places: readonly TroublePlace[];
}

/** One cause of trouble, with all that comes of it. */
export interface Trouble extends TroubleFact {
  /** Stays while the cause does: `service:payments`, `gateway:gateway-1`, `database`. */
  readonly id: string;
  /** Null when no call is the worse for it. */
  readonly affects: Affected | null;
  /** Further facts about the same thing, sentences, worst first. */
  readonly also: readonly string[];
  /** What fails because of it, sentences. */
  readonly consequences: readonly string[];
  /** It is told of only when it has stood for as long, ms: such a thing is usual for a moment. */
  readonly graceMs: number;
}

export interface Affected {
  /** Calls concerned. */
  readonly requestsPerSecond: number;
  /** Of them, those that came to nothing. */
  readonly failingPerSecond: number;
  /** Of them, those that a fallback answered. */
  readonly fallbackPerSecond: number;
  /** Services that call, `outside`; busiest first. */
  readonly callers: readonly string[];
}

/** An edit is behind on some gateway for a moment after each save; only what lasts for longer is told, ms. */
export const BEHIND_GRACE_MS = 5000;

const SEVERITIES: Readonly<Record<Severity, number>> = { bad: 0, warn: 1, note: 2 };

/** Worst first; among equals nothing. */
export function compareSeverity(a: Pick<TroubleFact, "severity">, b: Pick<TroubleFact, "severity">): number {
  return SEVERITIES[a.severity] - SEVERITIES[b.severity];
}

/** The facts about one thing as one trouble: the worst gives the title, the others stand under it. Null without facts. */
export function troubleOf(
  id: string,
  facts: readonly TroubleFact[],
  affects: Affected | null = null,
  graceMs = 0,
): Trouble | null {
  const [worst, ...others] = facts.toSorted((a, b) => compareSeverity(a, b) || a.rank - b.rank);
  if (worst === undefined) return null;
  const also = others.map(({ title, why }) => `${title}. ${why}`);
  return { ...worst, id, affects, also, consequences: [], graceMs };
}

/** How much harm it does, to compare by: calls that came to nothing, and a little for those that could. */
export function impactOf({ affects }: Pick<Trouble, "affects">): number {
  if (affects === null) return 0;
  const { requestsPerSecond, failingPerSecond, fallbackPerSecond } = affects;
  return failingPerSecond + 0.2 * fallbackPerSecond + 0.05 * requestsPerSecond;
}

/** `3 instances`, `1 instance`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `a, b and c`; beyond three, `a, b and 5 more`. */
export function listed(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** A trouble of a single fact that no call is the worse for. */
export function soleTrouble(id: string, fact: TroubleFact): Trouble {
  return { ...fact, id, affects: null, also: [], consequences: [], graceMs: 0 };
}

/** With a full stop at its end. */
export function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
