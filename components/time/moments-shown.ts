"use client";

import { useCallback } from "react";
import type { MomentAddress } from "../links.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { COMPARED, ENTRY, NOW, readMoment, SHOWN, writeMoment } from "./moment-address.ts";

/** Shows other moments, and ends a comparison when no other moment is given. */
export type ShowMoments = (address: MomentAddress) => void;

/** The moments that the address names, and how to change them. */
export interface MomentsShown {
  /** Unix epoch, ms; null: now. */
  readonly atMs: number | null;
  /** Undefined: not compared. */
  readonly comparedMs: number | null | undefined;
  /** Sequence of the audit entry that led here; null: none. */
  readonly entry: number | null;
  readonly setAt: (atMs: number | null) => void;
  readonly setCompared: (comparedMs: number | null | undefined) => void;
  readonly show: ShowMoments;
}

export function useMomentsShown(): MomentsShown {
  const [at, writeAt] = useUrlState(SHOWN);
  const [compare, writeCompare] = useUrlState(COMPARED);
  const [entry, writeEntry] = useUrlState(ENTRY);
  const setAt = useCallback(
    (atMs: number | null) => {
      writeAt(atMs === null ? null : writeMoment(atMs));
    },
    [writeAt],
  );
  const setCompared = useCallback(
    (comparedMs: number | null | undefined) => {
      writeCompare(comparedMs === undefined ? null : comparedMs === null ? NOW : writeMoment(comparedMs));
    },
    [writeCompare],
  );
  const show = useCallback<ShowMoments>(
    ({ atMs, comparedMs, entry: sequence }) => {
      setAt(atMs);
      setCompared(comparedMs);
      writeEntry(sequence === undefined ? null : sequence.toString());
    },
    [setAt, setCompared, writeEntry],
  );
  const compared = readMoment(compare);
  return {
    atMs: readMoment(at),
    comparedMs: compared ?? (compare === NOW ? null : undefined),
    entry: entry !== null && /^\d{1,15}$/.test(entry) ? Number(entry) : null,
    setAt,
    setCompared,
    show,
  };
}
