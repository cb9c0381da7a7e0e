/** After this a person who presses the button again may well mean something new, ms. */
const KEEP_MS = 120_000;

/**
 * Idempotency keys of requests of which nobody knows whether they were carried out. Asked for again by the person, the same
 * request goes with the same key: the console then answers what it did the first time, and does it no second time.
 */
export interface KeptKeys {
  /** The key to ask with; a new one unless the same was asked before and its outcome is not known. */
  keyFor(path: string, input: unknown): string;
  /** Its outcome is known. Whoever removes what was made after all may make it anew, in the same words. */
  settled(path: string, input: unknown): void;
  /** Nobody knows whether it was carried out. */
  doubtful(path: string, input: unknown, key: string): void;
}

export function keepKeys(newKey: () => string, nowMs: () => number): KeptKeys {
  const kept = new Map<string, { readonly key: string; readonly untilMs: number }>();
  const nameOf = (path: string, input: unknown): string => `${path} ${JSON.stringify(input)}`;
  return {
    keyFor(path, input) {
      const held = kept.get(nameOf(path, input));
      return held !== undefined && held.untilMs > nowMs() ? held.key : newKey();
    },
    settled(path, input) {
      kept.delete(nameOf(path, input));
      if (!path.endsWith(".remove")) return;
      const making = `${path.replace(/remove$/, "create")} `;
      for (const name of kept.keys()) if (name.startsWith(making)) kept.delete(name);
    },
    doubtful(path, input, key) {
      if (isOneTime(path, input)) kept.set(nameOf(path, input), { key, untilMs: nowMs() + KEEP_MS });
    },
  };
}

/**
 * True for what can be carried out once by its own words: the edit of a version, and making what has a name. Draining an
 * instance may be meant again after it was undone, in the same words.
 */
function isOneTime(path: string, input: unknown): boolean {
  if (path.endsWith(".create")) return true;
  return (
    typeof input === "object" &&
    input !== null &&
    "expectedVersion" in input &&
    typeof input.expectedVersion === "number"
  );
}
