import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { Legend } from "../legend.tsx";
import type { Drawing } from "./drawing.ts";

/** Zoom and legend, for those who use neither wheel nor keys. */
export function ViewControls({ drawing }: { readonly drawing: Drawing }) {
  return (
    <div
      data-control
      className="absolute bottom-3 left-3 flex items-center gap-1 rounded-md border border-line bg-surface p-0.5"
    >
      <Button variant="ghost" size="icon" aria-label="Zoom in" title="Zoom in (+)" onClick={() => drawing.zoom(1.25)}>
        <ZoomIn aria-hidden />
      </Button>
      <Button variant="ghost" size="icon" aria-label="Zoom out" title="Zoom out (-)" onClick={() => drawing.zoom(0.8)}>
        <ZoomOut aria-hidden />
      </Button>
      <Button variant="ghost" size="icon" aria-label="Show all" title="Show all (0)" onClick={drawing.showAll}>
        <Maximize aria-hidden />
      </Button>
      <Legend />
    </div>
  );
}
