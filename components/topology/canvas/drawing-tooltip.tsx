import type { Point } from "../layout/layout-types.ts";
import type { GraphModel } from "../model/graph-model.ts";
import type { Size } from "./camera.ts";
import type { Hit } from "./hit-test.ts";

export interface Hovered {
  readonly hit: Hit;
  /** Px of the view. */
  readonly at: Point;
  /** Of the view. */
  readonly size: Size;
}

function wordsFor({ part, id }: Hit, model: GraphModel): string {
  const node = model.nodes.find((one) => one.id === id);
  const element = node ?? model.edges.find((one) => one.id === id);
  if (part === "pin") return "Pinned here. Press to let it go.";
  if (part === "toggle") return node?.expanded === true ? "Close" : "Show what is inside";
  return element?.description ?? "";
}

const WIDTH = 288;

/** What is under the pointer, in words. The tree grid says the same, so this is not read out. */
export function DrawingTooltip({ hovered, model }: { readonly hovered: Hovered; readonly model: GraphModel }) {
  const words = wordsFor(hovered.hit, model);
  if (words === "") return null;
  const { x, y } = hovered.at;
  const left = Math.max(8, Math.min(x + 14, hovered.size.width - WIDTH - 8));
  // Above the pointer where there is no room below it.
  const place = y > hovered.size.height - 110 ? { bottom: hovered.size.height - y + 12 } : { top: y + 18 };
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute z-20 w-fit max-w-72 rounded-md border border-line bg-surface px-2.5 py-1.5 text-sm text-ink-2 shadow-pop"
      style={{ left, ...place }}
    >
      {words}
    </div>
  );
}
