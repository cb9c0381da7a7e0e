import { apportion } from "./apportion.ts";
import type { BreakerSettings } from "./breaker-policy.ts";
import type { RecordedSecond } from "./recorded-second.ts";
import { CLASSES, classify, mixtureOf, tellingOf, type CallClass, type ClassedCalls } from "./replay-calls.ts";

/** Calls of a second that are alike. */
export interface Lane {
  readonly of: CallClass;
  readonly calls: number;
  /** How long each took, ms. */
  readonly tookMs: number;
  /** False: a breaker refused them, and how they would have ended is taken from the calls around them. */
  readonly known: boolean;
}

/** Everything that was asked of a breaker in a second. */
export interface OfferedSecond {
  readonly atMs: number;
  readonly lanes: readonly Lane[];
  readonly calls: number;
}

interface Telling {
  readonly atMs: number;
  readonly calls: ClassedCalls;
}

/**
 * The calls of a record as they would have ended with these settings. Of calls that a breaker refused that is not known: they are
 * taken to be like those of the same second that were let through, or else like those of the nearest seconds before and after,
 * by how near each is. Trials are among those.
 */
export function* offeredCalls(
  seconds: Iterable<RecordedSecond>,
  settings: BreakerSettings,
): Generator<OfferedSecond, void, undefined> {
  const carry = CLASSES.map(() => 0);
  const ahead = new Ahead(seconds, settings);
  let before: Telling | null = null;
  for (const second of seconds) {
    const known = classify(second, settings);
    const telling = tellingOf(known);
    const refused = second.counts["short-circuited"] ?? 0;
    const lanes = lanesOf(known.counts, known.tookMs, true);
    if (refused > 0) {
      const alike = telling ?? between(second.atMs, before, ahead.after(second.atMs));
      const { counts: shares, tookMs } = telling === null ? alike : mixtureOf(alike, null, 0);
      lanes.push(...lanesOf(apportion(shares, refused, carry), tookMs, false));
    }
    if (telling !== null) before = { atMs: second.atMs, calls: telling };
    yield { atMs: second.atMs, lanes, calls: lanes.reduce((sum, { calls }) => sum + calls, 0) };
  }
}

function between(atMs: number, before: Telling | null, after: Telling | null): ClassedCalls {
  const towards = before === null || after === null ? 0 : (atMs - before.atMs) / (after.atMs - before.atMs);
  return mixtureOf(before?.calls ?? null, after?.calls ?? null, towards);
}

function lanesOf(counts: readonly number[], tookMs: readonly number[], known: boolean): Lane[] {
  return CLASSES.flatMap((of, at) => {
    const calls = counts[at] ?? 0;
    return calls > 0 ? [{ of, calls, tookMs: tookMs[at] ?? 0, known }] : [];
  });
}

/** What comes later than this tells nothing of now, ms; it also bounds how far one look ahead goes. */
const FAR_MS = 1_800_000;

/** Finds the next second that tells of the service; goes through the record once. */
class Ahead {
  readonly #seconds: Iterator<RecordedSecond, unknown>;
  readonly #settings: BreakerSettings;
  #next: RecordedSecond | null = null;
  #telling: Telling | null = null;
  #isDone = false;

  constructor(seconds: Iterable<RecordedSecond>, settings: BreakerSettings) {
    this.#seconds = seconds[Symbol.iterator]();
    this.#settings = settings;
  }

  /** Null when there is none soon after `atMs`. Has to be asked in order. */
  after(atMs: number): Telling | null {
    if (this.#telling !== null && this.#telling.atMs > atMs) return this.#telling;
    this.#telling = null;
    for (let second = this.#look(); second !== null && second.atMs <= atMs + FAR_MS; second = this.#look()) {
      this.#next = null;
      const calls = second.atMs > atMs ? tellingOf(classify(second, this.#settings)) : null;
      if (calls === null) continue;
      this.#telling = { atMs: second.atMs, calls };
      return this.#telling;
    }
    return null;
  }

  /** The second it is at. */
  #look(): RecordedSecond | null {
    if (this.#next !== null || this.#isDone) return this.#next;
    const step = this.#seconds.next();
    this.#isDone = step.done === true;
    this.#next = step.done === true ? null : step.value;
    return this.#next;
  }
}
