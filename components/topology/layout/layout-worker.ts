import { layoutGraph } from "./layout-graph.ts";
import { buffersOf, packLayout, unpackLayout, type LayoutAnswer, type LayoutQuestion } from "./layout-message.ts";

/** Runs in a Web Worker: one question, one answer. */
function answer({ number, previous, ...question }: LayoutQuestion): void {
  const request = { ...question, previous: previous === null ? null : unpackLayout(previous) };
  const layout = packLayout(layoutGraph(request));
  self.postMessage({ number, layout } satisfies LayoutAnswer, { transfer: buffersOf(layout) });
}

self.addEventListener("message", (event: MessageEvent<LayoutQuestion>) => {
  try {
    answer(event.data);
  } catch (error) {
    const failure = String(error);
    self.postMessage({ number: event.data.number, failure } satisfies LayoutAnswer, { transfer: [] });
  }
});
