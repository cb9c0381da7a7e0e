"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "../api/trpc.ts";
import { formatDateTime } from "../format/time.ts";
import { links } from "../links.ts";
import { momentsAround } from "./moments-around.ts";

interface MeshThenProps {
  /** When something happened, Unix epoch, ms. */
  readonly atMs: number;
  /** Sequence of its audit entry, which stands out on the time axis. */
  readonly sequence?: number;
}

const LINK = "text-accent hover:underline";

/** Whether anything is on record of a moment; null while that is not known. */
function useIsRecorded(atMs: number): boolean | null {
  const extent = useQuery(useTRPC().history.extent.queryOptions(undefined, { staleTime: 60_000 })).data;
  if (extent === undefined) return null;
  return extent.fromMs !== null && atMs >= extent.fromMs;
}

/** The way to the mesh as it was when something happened; nothing where none is on record. */
export function MeshThen({ atMs, sequence }: MeshThenProps) {
  if (useIsRecorded(atMs) !== true) return null;
  return (
    <Link href={links.topologyMoments({ atMs, ...entryOf(sequence) })} className={`ml-1 text-sm ${LINK}`}>
      Mesh then<span className="sr-only"> at {formatDateTime(atMs)}</span>
    </Link>
  );
}

/** The ways to the mesh at a moment, and to what became different. */
export function MeshLinks({ atMs, sequence, nowMs }: MeshThenProps & { readonly nowMs: number }) {
  const recorded = useIsRecorded(atMs);
  if (recorded === null) return null;
  if (!recorded) return <p className="text-sm text-ink-3">No traffic is on record of that time.</p>;
  const { beforeMs, afterMs } = momentsAround(atMs, nowMs);
  const entry = entryOf(sequence);
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1">
      <Link href={links.topologyMoments({ atMs, ...entry })} className={LINK}>
        Show the mesh at this moment
      </Link>
      <Link href={links.topologyMoments({ atMs: afterMs, comparedMs: beforeMs, ...entry })} className={LINK}>
        Before and after
      </Link>
    </p>
  );
}

function entryOf(sequence: number | undefined): { readonly entry?: number } {
  return sequence === undefined ? {} : { entry: sequence };
}
