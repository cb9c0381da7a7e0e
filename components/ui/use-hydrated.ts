import { useSyncExternalStore } from "react";

const never = (): (() => void) => () => undefined;

/**
 * False in what the server rendered and until React has taken it over. What is typed into a form before that would be
 * lost, so forms on the first page of a visit stay disabled for that moment.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
