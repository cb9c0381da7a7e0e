"use client";

import { useEffect, useRef, type PointerEvent, type RefObject } from "react";
import type { TimeSpan } from "./axis-window.ts";

interface AxisPointerOptions {
  /** The element that the axis fills from edge to edge. */
  readonly box: RefObject<HTMLElement | null>;
  readonly axis: TimeSpan;
  /** `other`: the slider of the moment that is compared with was taken hold of. */
  readonly onScrub: (atMs: number, which: "shown" | "other") => void;
  /** Moved by so many ms since the last call. */
  readonly onPan: (byMs: number) => void;
  /** Zoomed around a moment; a factor above 1 shows more. */
  readonly onZoom: (factor: number, aroundMs: number) => void;
}

type Drag = { readonly kind: "scrub"; readonly which: "shown" | "other" } | { readonly kind: "pan" };

/** So much turning of the wheel doubles what is shown, px. */
const WHEEL_DOUBLES = 240;

function momentIn(element: HTMLElement | null, { fromMs, toMs }: TimeSpan, clientX: number): number {
  const rect = element?.getBoundingClientRect();
  if (rect === undefined || rect.width === 0) return toMs;
  return fromMs + Math.min(1, Math.max(0, (clientX - rect.left) / rect.width)) * (toMs - fromMs);
}

/** Taking hold of the axis: press or drag to choose a moment; drag the scale, or with Shift, to move it; wheel to zoom. */
export function useAxisPointer(options: AxisPointerOptions) {
  const now = useRef(options);
  useEffect(() => {
    now.current = options;
  });
  const drag = useRef<{ readonly drag: Drag; lastX: number } | null>(null);
  const { box } = options;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { axis, onPan, onZoom } = now.current;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        onPan((sideways / Math.max(1, element.clientWidth)) * (axis.toMs - axis.fromMs));
        return;
      }
      onZoom(2 ** (event.deltaY / WHEEL_DOUBLES), momentIn(element, axis, event.clientX));
    };
    // React listens passively, and the page would scroll as well.
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      element.removeEventListener("wheel", wheel);
    };
  }, [box]);

  const momentAt = (clientX: number): number => momentIn(options.box.current, options.axis, clientX);
  const begin = (event: PointerEvent<HTMLElement>, kind: "scrub" | "pan"): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const thumb = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-thumb]") : null;
    const which = thumb?.dataset["thumb"] === "other" ? "other" : "shown";
    drag.current = {
      drag: kind === "pan" || event.shiftKey ? { kind: "pan" } : { kind: "scrub", which },
      lastX: event.clientX,
    };
    // Taking hold of a slider moves nothing yet.
    if (drag.current.drag.kind === "scrub" && thumb === null) options.onScrub(momentAt(event.clientX), which);
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const held = drag.current;
    const width = options.box.current?.clientWidth ?? 0;
    if (held === null || width === 0 || event.clientX === held.lastX) return;
    if (held.drag.kind === "pan") {
      options.onPan(-((event.clientX - held.lastX) / width) * (options.axis.toMs - options.axis.fromMs));
    } else options.onScrub(momentAt(event.clientX), held.drag.which);
    held.lastX = event.clientX;
  };
  const end = (): void => {
    drag.current = null;
  };
  return {
    momentAt,
    handlers: (kind: "scrub" | "pan") => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        begin(event, kind);
      },
      onPointerMove: move,
      onPointerUp: end,
      onPointerCancel: end,
    }),
  };
}
