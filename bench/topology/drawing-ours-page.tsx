import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { GraphCanvas } from "../../components/topology/canvas/graph-canvas.tsx";
import type { DrawnGraph } from "./drawing-graphs.ts";
import { offer } from "./drawing-page.ts";

const NONE: ReadonlySet<string> = new Set();
const ignore = (): void => {};

function Page({ graph }: { readonly graph: DrawnGraph }) {
  return (
    <GraphCanvas
      model={graph.model}
      layout={graph.layout}
      selected={null}
      focused={null}
      bright={null}
      flow={false}
      pinned={NONE}
      onSelect={ignore}
      onExpand={ignore}
      onPin={ignore}
      onUnpin={ignore}
    />
  );
}

const holder = document.querySelector("#root");
if (holder === null) throw new Error("The page has no root.");
const root = createRoot(holder);

/** The plate that is shown: another one after each picture. */
function plate(): Element | undefined {
  return [...document.querySelectorAll("canvas")].find((canvas) => canvas.style.visibility === "visible");
}

let before: Element | undefined;

function turn(over: WheelEventInit): void {
  const target = document.querySelector("[role=group]");
  target?.dispatchEvent(
    new WheelEvent("wheel", { clientX: 640, clientY: 400, cancelable: true, bubbles: true, ...over }),
  );
}

offer({
  show: (graph) => {
    before = plate();
    flushSync(() => root.render(<Page graph={graph} />));
  },
  isShown: () => {
    const now = plate();
    return now !== undefined && now !== before;
  },
  // The way a hand goes: by events.
  move: (dx, dy, factor) => {
    turn({ deltaX: -dx, deltaY: -dy, shiftKey: true });
    if (factor !== 1) turn({ deltaY: -Math.log(factor) / 0.01, ctrlKey: true });
  },
});
