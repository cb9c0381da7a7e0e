"use client";

import { useCallback, useEffect, useRef, useState, type MouseEvent, type PointerEvent, type RefObject } from "react";
import type { GraphLayout, Point } from "./layout.ts";
import { fitTo, zoomAt, type Size, type Viewport } from "./viewport.ts";

/**
 * Below this the words on the nodes cannot be read, so the first view of a wide mesh starts at its left end instead.
 * On a phone, held closer but with few points across, sooner.
 */
function readableScale(size: Size): number {
  return size.width < 640 ? 0.7 : 0.5;
}
/** Pointer travel that makes a press a drag, px. */
const DRAG_AFTER = 4;

export interface ViewportControls {
  readonly view: Viewport;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly pointer: {
    readonly onPointerDown: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onPointerUp: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onPointerCancel: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onClickCapture: (event: MouseEvent<SVGSVGElement>) => void;
  };
}

function useSize(ref: RefObject<SVGSVGElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [ref]);
  return size;
}

/** Pan by dragging, zoom by wheel or two fingers. Until the person has done either, the drawing is kept in view. */
export function useViewport(ref: RefObject<SVGSVGElement | null>, bounds: GraphLayout["bounds"]): ViewportControls {
  const size = useSize(ref);
  const [chosen, setChosen] = useState<Viewport | null>(null);
  const fitted = fitTo(bounds, size, readableScale(size));
  const view = chosen ?? fitted;
  const latest = useRef(view);
  useEffect(() => {
    latest.current = view;
  });
  const pointers = useRef(new Map<number, Point>());
  const dragging = useRef(false);
  const wasDrag = useRef(false);

  const zoomAround = useCallback((anchor: Point, factor: number) => {
    setChosen(zoomAt(latest.current, anchor, factor));
  }, []);

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoomAround({ x: event.clientX - box.left, y: event.clientY - box.top }, Math.exp(-event.deltaY * 0.0015));
    };
    // React listens passively, and a passive listener could not keep the page from scrolling.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      element.removeEventListener("wheel", onWheel);
    };
  }, [ref, zoomAround]);

  const spread = (): number => {
    const [a, b] = [...pointers.current.values()];
    return a === undefined || b === undefined ? 0 : Math.hypot(a.x - b.x, a.y - b.y);
  };

  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    if (!dragging.current && Math.hypot(now.x - before.x, now.y - before.y) < DRAG_AFTER) return;
    if (!dragging.current) {
      dragging.current = true;
      wasDrag.current = true;
      // Only from here on: a captured pointer's click would go to the drawing instead of the node under it.
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    const spreadBefore = spread();
    pointers.current.set(event.pointerId, now);
    if (pointers.current.size >= 2 && spreadBefore > 0) {
      const box = event.currentTarget.getBoundingClientRect();
      zoomAround({ x: now.x - box.left, y: now.y - box.top }, spread() / spreadBefore);
    } else {
      setChosen({ ...latest.current, x: latest.current.x + now.x - before.x, y: latest.current.y + now.y - before.y });
    }
  };

  const release = (event: PointerEvent<SVGSVGElement>): void => {
    pointers.current.delete(event.pointerId);
    if (pointers.current.size === 0) dragging.current = false;
  };

  return {
    view,
    zoom: (factor) => {
      zoomAround({ x: size.width / 2, y: size.height / 2 }, factor);
    },
    fit: () => {
      setChosen(fitTo(bounds, size));
    },
    pointer: {
      onPointerDown: (event) => {
        wasDrag.current = false;
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerMove,
      onPointerUp: release,
      onPointerCancel: release,
      // The click that ends a drag means nothing.
      onClickCapture: (event) => {
        if (wasDrag.current) event.stopPropagation();
        wasDrag.current = false;
      },
    },
  };
}
