import { useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { pngImage } from "../../export/png-image.ts";
import { svgDocument } from "../../export/svg-document.ts";
import type { GraphLayout } from "../../layout/layout-types.ts";
import type { GraphModel } from "../../model/graph-model.ts";
import { GraphCanvas } from "../graph-canvas.tsx";
import { aNode, anEdge, layoutOf } from "../graph-samples.ts";
import { readPalette } from "../palette.ts";

/** What the page shows, as the test says. */
export interface ShownState {
  readonly selected: string | null;
  readonly focused: string | null;
  readonly flow: boolean;
  readonly pinned: readonly string[];
}

/** What the page answers to. */
export interface CanvasPage {
  readonly show: (state: Partial<ShownState>) => void;
  /** What the canvas told since it was last asked. */
  readonly told: () => string[];
  /** Frames that the drawing asked for, of so many that the browser had. */
  readonly framesOf: (count: number) => Promise<number>;
  readonly svg: () => string;
  readonly pngSize: () => Promise<readonly [width: number, height: number]>;
}

const HOSTILE = `</text><script>window.taken = true</script>"'&`;

const model: GraphModel = {
  nodes: [aNode("a"), aNode("b", { label: HOSTILE, description: HOSTILE }), aNode("far")],
  edges: [anEdge("a", "b", { requestsPerSecond: 200 })],
};
const layout: GraphLayout = layoutOf(model, {
  a: { x: 0, y: 0, width: 180, height: 76 },
  b: { x: 400, y: 100, width: 180, height: 76 },
  far: { x: 700, y: 400, width: 180, height: 76 },
});

const told: string[] = [];
const nativeFrame = window.requestAnimationFrame.bind(window);
let asked = 0;
window.requestAnimationFrame = (callback) => {
  asked += 1;
  return nativeFrame(callback);
};

function Page({ state }: { readonly state: ShownState }) {
  const [pinned] = useState(() => new Map<string, ReadonlySet<string>>());
  const key = state.pinned.join();
  const set = pinned.get(key) ?? new Set(state.pinned);
  pinned.set(key, set);
  return (
    <GraphCanvas
      model={model}
      layout={layout}
      selected={state.selected}
      focused={state.focused}
      bright={null}
      flow={state.flow}
      pinned={set}
      onSelect={(id) => told.push(`select ${id ?? "nothing"}`)}
      onExpand={(id) => told.push(`expand ${id}`)}
      onPin={(id, at) => told.push(`pin ${id} ${Math.round(at.x).toString()} ${Math.round(at.y).toString()}`)}
      onUnpin={(id) => told.push(`unpin ${id}`)}
    />
  );
}

const holder = document.querySelector("#root");
if (holder === null) throw new Error("The page has no root.");
const root = createRoot(holder);
let state: ShownState = { selected: null, focused: null, flow: false, pinned: [] };
root.render(<Page state={state} />);

function frame(): Promise<void> {
  return new Promise((resolve) => {
    nativeFrame(() => resolve());
  });
}

const page: CanvasPage = {
  show: (next) => {
    state = { ...state, ...next };
    flushSync(() => root.render(<Page state={state} />));
  },
  told: () => told.splice(0),
  framesOf: async (count) => {
    const before = asked;
    for (let passed = 0; passed < count; passed += 1) await frame();
    return asked - before;
  },
  svg: () => svgDocument(model, layout, readPalette(document.body), (_, text) => text.length * 7),
  pngSize: async () => {
    const bitmap = await createImageBitmap(await pngImage(model, layout, readPalette(document.body), null));
    return [bitmap.width, bitmap.height];
  },
};
Object.assign(window, { canvasPage: page });
