import type { Log } from "#platform/log.ts";

/** Functions to call when something changed; one that throws is logged and does not keep the others from being called. */
export interface Listeners<T> {
  /** Returns its undo. */
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
  clear(): void;
}

/** @param of what the listeners listen to, for the log. */
export function openListeners<T>(of: string, log: Log): Listeners<T> {
  const all = new Set<(value: T) => void>();
  return {
    add(listener) {
      all.add(listener);
      return () => all.delete(listener);
    },
    tell(value) {
      // A copy: a listener may add others, which are not told of this change.
      const present = Array.from(all);
      for (const listener of present) {
        try {
          listener(value);
        } catch (error) {
          log.error({ err: error }, `a listener of ${of} threw`);
        }
      }
    },
    clear: () => all.clear(),
  };
}
