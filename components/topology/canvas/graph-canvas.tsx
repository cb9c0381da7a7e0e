"use client";

import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { GraphLayout, Point } from "../layout/layout-types.ts";
import type { GraphModel } from "../model/graph-model.ts";
import { announceSeenArea } from "../export/seen-areas.ts";
import { seenBy } from "./camera.ts";
import { viewByKey } from "./canvas-keys.ts";
import { DrawingTooltip, type Hovered } from "./drawing-tooltip.tsx";
import { attachGestures } from "./gestures.ts";
import type { Hit } from "./hit-test.ts";
import { Minimap } from "./minimap.tsx";
import { pictureInWords } from "./picture-in-words.ts";
import { useDrawing } from "./use-drawing.ts";
import { ViewControls } from "./view-controls.tsx";

export interface GraphCanvasProps {
  readonly model: GraphModel;
  readonly layout: GraphLayout;
  readonly selected: string | null;
  /** What has the keyboard focus in the tree grid. */
  readonly focused: string | null;
  /** What a search found: all else is dimmed. Null: all is bright. */
  readonly bright: ReadonlySet<string> | null;
  /** Dots flow along the arrows, unless the person asked for less motion. */
  readonly flow: boolean;
  readonly pinned: ReadonlySet<string>;
  readonly onSelect: (id: string | null) => void;
  /** A node was asked to open or close: by a double click, or by the sign on its box. */
  readonly onExpand: (id: string) => void;
  /** A node was dragged: its top-left corner. */
  readonly onPin: (id: string, at: Point) => void;
  readonly onUnpin: (id: string) => void;
}

/**
 * The mesh as a drawing: drag to move, wheel or two fingers to zoom, drag a node to pin it. It fills the nearest
 * positioned ancestor. To screen readers it is a picture; the same is to be had as a tree grid beside it.
 */
export function GraphCanvas(props: GraphCanvasProps) {
  const { model, layout, selected, focused, bright, flow, pinned } = props;
  const surface = useRef<HTMLDivElement>(null);
  const front = useRef<HTMLCanvasElement>(null);
  const back = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const { drawing, attach } = useDrawing({ front, back, overlay });
  const words = useMemo(() => pictureInWords(model), [model]);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });

  useLayoutEffect(() => {
    if (drawing === null) return;
    drawing.show(model, layout);
    announceSeenArea(layout, () => {
      const { camera, size } = drawing.view();
      return seenBy(camera, size);
    });
  }, [drawing, model, layout]);
  useLayoutEffect(() => {
    drawing?.emphasise({ bright, pinned, flow });
  }, [drawing, bright, pinned, flow]);
  useLayoutEffect(() => {
    drawing?.mark({ selected, focused });
  }, [drawing, selected, focused]);
  useEffect(() => {
    if (focused !== null) drawing?.reveal(focused);
  }, [drawing, focused]);

  useEffect(() => {
    if (drawing === null || surface.current === null) return;
    const press = (hit: Hit | null): void => {
      const { onSelect, onExpand, onUnpin } = latest.current;
      if (hit?.part === "toggle") onExpand(hit.id);
      else if (hit?.part === "pin") onUnpin(hit.id);
      else onSelect(hit?.id ?? null);
    };
    return attachGestures(surface.current, drawing, {
      onClick: press,
      onDoubleClick: (hit) => {
        if (hit?.part === "node") latest.current.onExpand(hit.id);
      },
      onHover: (hit, at) => setHovered(hit === null ? null : { hit, at, size: drawing.view().size }),
      onDrop: (id, at) => latest.current.onPin(id, at),
    });
  }, [drawing]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") props.onSelect(null);
    else if (drawing !== null && viewByKey(drawing, event.key)) event.preventDefault();
  };

  return (
    <div className="absolute inset-0 overflow-hidden">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions --
          the keys that move the view need a place to be heard; elements are reached by the tree grid */}
      <div
        ref={surface}
        role="group"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
        tabIndex={0}
        aria-label="View of the drawing. Arrow keys move it, plus and minus zoom, 0 shows all."
        className="absolute inset-0 cursor-grab touch-none overflow-hidden outline-offset-[-2px] select-none"
        onKeyDown={onKeyDown}
      >
        <div ref={attach} role="img" aria-label={words} className="absolute inset-0">
          <canvas ref={front} aria-hidden className="absolute top-0 left-0 origin-top-left" />
          <canvas ref={back} aria-hidden className="absolute top-0 left-0 origin-top-left" />
          <canvas ref={overlay} aria-hidden className="pointer-events-none absolute top-0 left-0" />
        </div>
      </div>
      {hovered !== null && <DrawingTooltip hovered={hovered} model={model} />}
      {drawing !== null && <ViewControls drawing={drawing} />}
      {drawing !== null && <Minimap drawing={drawing} />}
    </div>
  );
}
