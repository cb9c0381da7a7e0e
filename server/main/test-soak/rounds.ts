import type { Outcome } from "./part.ts";

export interface RoundsOptions<Setting> {
  /** How many rounds, over all lanes. */
  readonly count: number;
  /** Settings of their own, next to each other: rounds mostly wait. */
  readonly lanes: number;
  /** No round begins after this, as `performance.now()`. */
  readonly untilMs: number;
  readonly open: (lane: number) => Promise<Setting>;
  /** Resolves to what went wrong in this round. `index` counts over all lanes, from 0. */
  readonly round: (setting: Setting, index: number) => Promise<readonly string[]>;
  readonly close: (setting: Setting) => Promise<void>;
  /** How long it took after each round until all was well, ms. */
  readonly times: (setting: Setting) => readonly number[];
  /** Called after each round, with what went wrong in it. */
  readonly onProgress: (done: number, failures: number, problems: readonly string[]) => void;
}

/** A lane in which so much went wrong shows nothing new any more. */
const FAILURES_MAX = 5;

/** Does the rounds, each lane one after another. */
export async function inLanes<Setting>(options: RoundsOptions<Setting>): Promise<Outcome> {
  const { count, lanes, untilMs, open, round, close, times, onProgress } = options;
  const failures: string[] = [];
  const tookMs: number[] = [];
  let begun = 0;
  let rounds = 0;
  await Promise.all(
    Array.from({ length: Math.min(lanes, count) }, async (_, lane) => {
      const setting = await open(lane);
      let own = 0;
      try {
        while (begun < count && own < FAILURES_MAX && performance.now() < untilMs) {
          const problems = await round(setting, begun++);
          rounds += 1;
          own += problems.length;
          failures.push(...problems);
          onProgress(rounds, failures.length, problems);
        }
      } catch (error) {
        failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      } finally {
        tookMs.push(...times(setting));
        await close(setting);
      }
    }),
  );
  tookMs.sort((a, b) => a - b);
  const at = (part: number): string => `${((tookMs[Math.floor((tookMs.length - 1) * part)] ?? 0) / 1000).toFixed(2)} s`;
  return { rounds, figures: { "published anew, p50": at(0.5), "at most": at(1) }, failures };
}
