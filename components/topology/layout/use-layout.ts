"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { layoutClient, type LayoutClient, type LayoutWorker } from "./layout-client.ts";
import { isSameSubject, layoutSubject, type LayoutSubject } from "./layout-subject.ts";
import type { GraphLayout, LayoutEdge, LayoutNode, Point } from "./layout-types.ts";

export interface UsedLayout {
  /** The latest layout. Null before the first one; until a new one comes, it lacks what was added since. */
  readonly layout: GraphLayout | null;
  /** A new one is being made. */
  readonly laying: boolean;
  /** Lays everything out anew, pinned nodes apart, wherever it is drawn now. */
  readonly again: () => void;
}

function startWorker(): LayoutWorker {
  return new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" });
}

/**
 * The layout of a graph, made in a worker. Asked for anew only when a node, a size, an edge or a pin changes, not with new
 * figures; what is drawn keeps its place, as long as `arrangement` is the same: another one is laid out anew.
 * @throws Error while rendering, when the layout failed: for the error boundary.
 */
export function useLayout(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  pins: ReadonlyMap<string, Point>,
  arrangement: string,
): UsedLayout {
  const [layout, setLayout] = useState<GraphLayout | null>(null);
  const [laying, setLaying] = useState(true);
  const [failure, setFailure] = useState<string | null>(null);
  const client = useRef<LayoutClient | null>(null);
  const asked = useRef<LayoutSubject | null>(null);
  /** What is to keep its place: what is drawn, until somebody asks for everything anew. */
  const kept = useRef<GraphLayout | null>(null);
  const arranged = useRef(arrangement);

  const ask = useCallback((subject: LayoutSubject): void => {
    asked.current = subject;
    setLaying(true);
    client.current?.ask({ ...subject, previous: kept.current }, (outcome) => {
      setLaying(false);
      if ("failure" in outcome) return setFailure(outcome.failure);
      kept.current = outcome.layout;
      setLayout(outcome.layout);
    });
  }, []);

  useEffect(() => {
    client.current = layoutClient(startWorker);
    return () => {
      client.current?.stop();
      asked.current = null;
    };
  }, []);

  useEffect(() => {
    if (asked.current !== null && isSameSubject(asked.current, { nodes, edges, pins })) return;
    if (arranged.current !== arrangement) kept.current = null;
    arranged.current = arrangement;
    ask(layoutSubject(nodes, edges, pins));
  }, [nodes, edges, pins, arrangement, ask]);

  const again = useCallback(() => {
    if (asked.current === null) return;
    kept.current = null;
    ask(asked.current);
  }, [ask]);

  if (failure !== null) throw new Error(`The graph could not be laid out: ${failure}`);
  return { layout, laying, again };
}
