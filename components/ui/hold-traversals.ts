/**
 * Keeps the browser's Back and Forward from leaving this page for another of the console, and calls `ask` instead with
 * what would go there after all. Where a move would load another document the browser itself asks, by `beforeunload`.
 * A browser lets a page hold back one such move each time it is used; a further one goes through, and is taken back
 * before Next hears of it. Browsers without the Navigation API (before 2026) are not held.
 * @returns ends it.
 */
export function holdTraversals(ask: (leave: () => void) => void): () => void {
  if (!("navigation" in window)) return () => undefined;
  const { navigation } = window;
  let passing = false;
  let undone: { readonly from: string; readonly to: string } | null = null;

  const goTo = (key: string): void => {
    passing = true;
    // Rejected when the entry is gone: then there is nowhere to go, and the page stays.
    void navigation.traverseTo(key).finished?.then(passed, passed);
  };
  const passed = (): void => {
    passing = false;
  };
  const onNavigate = (event: NavigateEvent): void => {
    const from = navigation.currentEntry?.key;
    const to = event.destination.key;
    if (passing || event.navigationType !== "traverse" || !event.destination.sameDocument || from === undefined) return;
    if (!event.cancelable) {
      undone = { from, to };
      return;
    }
    event.preventDefault();
    ask(() => {
      goTo(to);
    });
  };
  // In the capturing phase, so before Next's own listener.
  const onPopState = (event: PopStateEvent): void => {
    if (undone === null) return;
    event.stopImmediatePropagation();
    const { from, to } = undone;
    if (navigation.currentEntry?.key === from) {
      undone = null;
      passing = false;
      ask(() => {
        goTo(to);
      });
    } else goTo(from);
  };
  navigation.addEventListener("navigate", onNavigate);
  window.addEventListener("popstate", onPopState, true);
  return () => {
    navigation.removeEventListener("navigate", onNavigate);
    window.removeEventListener("popstate", onPopState, true);
  };
}
