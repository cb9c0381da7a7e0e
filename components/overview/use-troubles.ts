"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { meshTroubles } from "#domain/mesh-troubles.ts";
import type { Trouble } from "#domain/trouble.ts";
import { isShown, watchTroubles, type WatchedTrouble } from "#domain/trouble-watch.ts";
import { useTRPC } from "../api/trpc.ts";
import { useHeldOverrides } from "../breakers/use-active-overrides.ts";
import { useLive } from "../live/live-provider.tsx";
import { useDriftedKeys } from "../sync/drift/use-standing-drift.ts";

/** What is wrong, as this page has watched it. */
export interface WatchedMesh {
  /** Those that stand and are wrong, worst first. */
  readonly wrong: readonly WatchedTrouble[];
  /** Those that stand and are only to be known. */
  readonly notes: readonly WatchedTrouble[];
  /** Those that ended a moment ago, the latest first. */
  readonly ended: readonly WatchedTrouble[];
  /** When the page began to watch, by the console's clock, Unix epoch, ms. */
  readonly watchedSinceMs: number;
}

interface Board {
  readonly told: readonly Trouble[] | null;
  readonly watched: readonly WatchedTrouble[];
  readonly sinceMs: number;
}

/** What is wrong now, watched from picture to picture; null before the first. */
export function useTroubles(): WatchedMesh | null {
  const { picture } = useLive();
  const held = useHeldOverrides();
  const policies = useQuery(useTRPC().services.policies.queryOptions()).data;
  const driftedKeys = useDriftedKeys();
  const settings = useMemo(
    () => new Map((policies ?? []).map(({ id, spec }) => [id, spec.instances] as const)),
    [policies],
  );
  const told = useMemo(
    () =>
      picture === null
        ? null
        : meshTroubles(picture, { overrides: held.map(({ spec }) => spec), settings, driftedKeys }),
    [picture, held, settings, driftedKeys],
  );
  const [board, setBoard] = useState<Board>({ told: null, watched: [], sinceMs: 0 });
  if (picture === null || told === null) return null;
  let current = board;
  if (board.told !== told) {
    current = {
      told,
      watched: watchTroubles(board.watched, told, picture.atMs),
      sinceMs: board.told === null ? picture.atMs : board.sinceMs,
    };
    setBoard(current);
  }
  const standing = current.watched.filter((watched) => watched.endedAtMs === null && isShown(watched, picture.atMs));
  return {
    wrong: standing.filter(({ trouble }) => trouble.severity !== "note"),
    notes: standing.filter(({ trouble }) => trouble.severity === "note"),
    ended: current.watched.filter(({ endedAtMs, worst }) => endedAtMs !== null && worst.severity !== "note"),
    watchedSinceMs: current.sinceMs,
  };
}
