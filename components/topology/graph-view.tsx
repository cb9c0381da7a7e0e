"use client";

import { useMemo } from "react";
import { Skeleton } from "../ui/skeleton.tsx";
import { GraphCanvas } from "./canvas/graph-canvas.tsx";
import type { GraphLayout, Point } from "./layout/layout-types.ts";
import type { GraphModel } from "./model/graph-model.ts";

interface GraphViewProps {
  readonly model: GraphModel;
  readonly layout: GraphLayout | null;
  readonly laying: boolean;
  readonly selected: string | null;
  /** Drawn element that the keyboard is at, or that a search walks to. */
  readonly focused: string | null;
  readonly bright: ReadonlySet<string> | null;
  readonly flow: boolean;
  readonly pinned: ReadonlySet<string>;
  /** Keys that mean something now; empty when the keyboard is elsewhere. */
  readonly hint: string;
  readonly onSelect: (id: string | null) => void;
  readonly onExpand: (id: string) => void;
  readonly onPin: (id: string, at: Point) => void;
  readonly onUnpin: (id: string) => void;
}

/** The drawing, with words on what the keyboard is at. */
export function GraphView({ layout, laying, hint, ...canvas }: GraphViewProps) {
  const { model, focused } = canvas;
  const description = useMemo(
    () =>
      focused === null ? "" : ([...model.nodes, ...model.edges].find(({ id }) => id === focused)?.description ?? ""),
    [model, focused],
  );
  if (layout === null) return <Skeleton className="absolute inset-0 rounded-lg" />;
  return (
    <>
      <div className="live absolute inset-0 overflow-hidden rounded-[7px]">
        <GraphCanvas {...canvas} layout={layout} />
      </div>
      {laying && (
        <p className="pointer-events-none absolute top-2 left-1/2 -translate-x-1/2 rounded bg-surface px-2 py-0.5 text-sm text-ink-3 shadow-pop">
          Laying out…
        </p>
      )}
      {description !== "" && (
        // The row or the search itself is read out: this is for people who see the drawing.
        <div
          aria-hidden
          className="pointer-events-none absolute inset-x-2 bottom-12 mx-auto max-w-2xl rounded-md border border-line bg-surface px-3 py-2 text-center shadow-pop"
        >
          <p>{description}</p>
          {hint !== "" && <p className="mt-0.5 text-sm text-ink-3">{hint}</p>}
        </div>
      )}
    </>
  );
}
