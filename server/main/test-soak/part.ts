/** What a part of the soak came to. */
export interface Outcome {
  /** Rounds that were finished. */
  readonly rounds: number;
  readonly figures: Readonly<Record<string, string | number>>;
  /** Nothing of this may happen. */
  readonly failures: readonly string[];
}

/** How a part is run. */
export interface PartRun {
  /** How often; what is counted the part says. */
  readonly count: number;
  readonly seed: number;
  readonly lanes: number;
  /** No round begins after this, as `performance.now()`. */
  readonly untilMs: number;
  /** Names of what is tried, where a part tries several things; empty: all. */
  readonly only: readonly string[];
  /** `problems`: what went wrong since the last time, where that is known at once. */
  readonly onProgress: (done: number, of: number, failures: number, problems?: readonly string[]) => void;
}

export interface Part {
  readonly name: string;
  /** What `count` counts. */
  readonly counts: string;
  readonly count: number;
  readonly run: (run: PartRun) => Promise<Outcome>;
}
