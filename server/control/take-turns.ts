/** Work in steps, so that others have their turn between; its end is what came of it. */
export type Steps<T> = Generator<void, T, undefined>;

/** Longest it keeps the event loop, ms. */
const TURN_MS = 8;

/** Does the steps, letting go of the event loop often. `check` is asked before each turn, and gives the work up by throwing. */
export async function takeTurns<T>(steps: Steps<T>, check: () => void = () => undefined): Promise<T> {
  for (;;) {
    check();
    const untilMs = performance.now() + TURN_MS;
    while (performance.now() < untilMs) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
