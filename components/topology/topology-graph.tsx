"use client";

import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { useRef, useState, type KeyboardEvent } from "react";
import type { Topology } from "#domain/topology.ts";
import { Button } from "../ui/button.tsx";
import { EdgeLabel } from "./edge-label.tsx";
import { GraphEdgeView } from "./graph-edge.tsx";
import { asArrowKey, moveFocus } from "./graph-keys.ts";
import { GraphNode } from "./graph-node.tsx";
import { Legend } from "./legend.tsx";
import { neighbourhood } from "./selection.ts";
import { useGraphLayout } from "./use-graph-layout.ts";
import { useViewport } from "./use-viewport.ts";

/** Smaller than this, labels would be a smear. */
const LABELS_FROM_SCALE = 0.45;

interface TopologyGraphProps {
  readonly topology: Topology;
  /** What a search has found, which alone stays bright; null while nothing is searched for. */
  readonly found: Topology | null;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
}

/** The mesh as a drawing: drag to move, wheel to zoom, arrow keys to walk along calls, Enter to open. */
export function TopologyGraph({ topology, found, selected, onSelect }: TopologyGraphProps) {
  const svg = useRef<SVGSVGElement>(null);
  const { layout, labels } = useGraphLayout(topology);
  const { view, zoom, fit, pointer } = useViewport(svg, layout.bounds);
  const [focused, setFocused] = useState<string | null>(null);
  const near =
    found === null
      ? neighbourhood(topology, selected)
      : new Set([...found.nodes, ...found.edges].map((element) => element.id));
  const dimmed = (id: string): boolean => near !== null && !near.has(id);

  // One stop for the Tab key; the arrow keys go on from there.
  const known = focused !== null && (layout.nodes.has(focused) || layout.edges.has(focused));
  const tabStop = known ? focused : (topology.nodes[0]?.id ?? null);

  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>): void => {
    if (event.key === "Escape") onSelect(null);
    if (tabStop === null) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onSelect(tabStop);
      return;
    }
    const key = asArrowKey(event.key);
    if (key === null) return;
    event.preventDefault();
    const target = moveFocus(layout, topology.edges, tabStop, key);
    const element = svg.current?.querySelector(`[data-graph-id="${CSS.escape(target)}"]`);
    if (element instanceof SVGElement) element.focus();
  };

  return (
    <div className="absolute inset-0 overflow-hidden">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- nodes and arrows are buttons of
          their own; only what concerns all of them (arrow keys, dragging) is heard here */}
      <svg
        ref={svg}
        role="group"
        aria-label="Topology. Arrow keys walk along the calls, Enter shows details."
        className="live size-full cursor-grab touch-none select-none active:cursor-grabbing"
        onKeyDown={onKeyDown}
        onClick={(event) => {
          if (event.target === event.currentTarget) onSelect(null);
        }}
        {...pointer}
      >
        <g transform={`translate(${view.x.toFixed(1)} ${view.y.toFixed(1)}) scale(${view.scale.toFixed(3)})`}>
          {topology.edges.map((edge) => {
            const points = layout.edges.get(edge.id);
            if (points === undefined) return null;
            return (
              <GraphEdgeView
                key={edge.id}
                edge={edge}
                points={points}
                selected={selected === edge.id}
                dimmed={dimmed(edge.id)}
                tabbable={tabStop === edge.id}
                onSelect={onSelect}
                onFocus={setFocused}
              />
            );
          })}
          {view.scale >= LABELS_FROM_SCALE &&
            topology.edges.map((edge) => {
              const at = labels.get(edge.id);
              if (at === undefined || edge.configuredOnly) return null;
              return <EdgeLabel key={edge.id} edge={edge} at={at} dimmed={dimmed(edge.id)} onSelect={onSelect} />;
            })}
          {topology.nodes.map((node) => {
            const at = layout.nodes.get(node.id);
            if (at === undefined) return null;
            return (
              <GraphNode
                key={node.id}
                node={node}
                at={at}
                selected={selected === node.id}
                dimmed={dimmed(node.id)}
                tabbable={tabStop === node.id}
                onSelect={onSelect}
                onFocus={setFocused}
              />
            );
          })}
        </g>
      </svg>
      <div className="absolute bottom-3 left-3 flex items-center gap-1 rounded-md border border-line bg-surface p-0.5">
        <Button
          variant="ghost"
          size="icon"
          aria-label="Zoom in"
          onClick={() => {
            zoom(1.25);
          }}
        >
          <ZoomIn aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Zoom out"
          onClick={() => {
            zoom(0.8);
          }}
        >
          <ZoomOut aria-hidden />
        </Button>
        <Button variant="ghost" size="icon" aria-label="Show all" onClick={fit}>
          <Maximize aria-hidden />
        </Button>
        <Legend />
      </div>
    </div>
  );
}
