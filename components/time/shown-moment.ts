"use client";

import type { LivePicture } from "#domain/live.ts";
import type { Topology } from "#domain/topology.ts";
import type { ComparedMoment, TopologyDifference } from "#domain/topology-difference.ts";
import { useLive } from "../live/live-provider.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { compareMoments } from "./compare-moments.ts";
import { COMPARED, NOW, readMoment, SHOWN } from "./moment-address.ts";
import { useMoment, type PastMoment } from "./use-moment.ts";

/** The mesh as the page shows it: now, or as it was. */
export interface ShownMoment {
  /** Null while nothing has come yet, and when nothing is on record. While compared, with what is gone, without traffic. */
  readonly topology: Topology | null;
  /** Unix epoch, ms; null: now. */
  readonly atMs: number | null;
  /** Length of the span that figures are averaged over, ms. */
  readonly windowMs: number;
  /** What is known of the past moment shown; null: it is now. */
  readonly past: PastMoment | null;
  /** The other moment; null: it is not compared. */
  readonly compared: ComparedWith | null;
  /** What is different from the other moment; null while not compared, or not both have come. */
  readonly difference: TopologyDifference | null;
}

/** The moment that the shown one is compared with. */
export interface ComparedWith {
  /** Unix epoch, ms; null: now. */
  readonly atMs: number | null;
  /** What is known of it, if it is a past one. */
  readonly past: PastMoment | null;
}

/** What the address asks for: the live mesh, unless it names a moment (`at`), by itself or beside another (`compare`). */
export function useShownMoment(): ShownMoment {
  const { picture } = useLive();
  const atMs = readMoment(useUrlState(SHOWN)[0]);
  const compare = useUrlState(COMPARED)[0];
  const comparedMs = readMoment(compare);
  const past = useMoment(atMs);
  const comparedPast = useMoment(comparedMs);
  const isCompared = comparedMs !== null || compare === NOW;
  const shown = momentOf(past, picture);
  const other = isCompared ? momentOf(comparedPast, picture) : null;
  const difference = shown === null || other === null ? null : compareMoments(other, shown);
  return {
    topology: difference?.union ?? shown?.topology ?? null,
    atMs,
    windowMs: shown?.windowMs ?? 10_000,
    past,
    compared: isCompared ? { atMs: comparedMs, past: comparedPast } : null,
    difference,
  };
}

function momentOf(past: PastMoment | null, picture: LivePicture | null): ComparedMoment | null {
  if (past === null) return picture;
  const { moment } = past;
  return moment === null ? null : { topology: moment.topology, windowMs: moment.toMs - moment.fromMs };
}
