import type { Signals } from "#domain/history.ts";

/** What the lines beyond a dozen are called together. */
export const OTHERS = "others";

type Line = Signals["lines"][number];

/**
 * Signals with their newest part read again: points of `tail` take the place of those of the same time, and what is before
 * `fromMs` (Unix epoch, ms) is left out. Null when the two do not fit together, and all of it has to be read: other steps,
 * or lines that the one tells apart and the other does not.
 */
export function extendSignals(known: Signals, tail: Signals, fromMs: number): Signals | null {
  if (tail.lines.length > 0 && tail.stepSeconds !== known.stepSeconds) return null;
  const knownLines = new Map(known.lines.map((line) => [line.name, line]));
  const tailLines = new Map(tail.lines.map((line) => [line.name, line]));
  const areApart = knownLines.has(OTHERS) === tailLines.has(OTHERS);
  const isNew = tail.lines.some(({ name }) => !knownLines.has(name));
  // Which lines are among the others is another matter in each answer, unless both have the same ones apart.
  if ((knownLines.has(OTHERS) || tailLines.has(OTHERS)) && (!areApart || isNew)) return null;
  const names = new Set([...knownLines.keys(), ...tailLines.keys()]);
  const lines = [...names].map((name): Line => {
    const newer = tailLines.get(name)?.points ?? [];
    const firstMs = Math.min(...tail.lines.flatMap(({ points }) => points[0]?.atMs ?? []));
    const older = (knownLines.get(name)?.points ?? []).filter(({ atMs }) => atMs >= fromMs && atMs < firstMs);
    return { name, points: [...older, ...newer] };
  });
  return { stepSeconds: known.stepSeconds, lines: lines.filter(({ points }) => points.length > 0) };
}
