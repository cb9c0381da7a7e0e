import { layoutGraph } from "./layout-graph.ts";
import { buffersOf, packLayout, unpackLayout, type LayoutAnswer, type LayoutQuestion } from "./layout-message.ts";
import type { GraphLayout, LayoutRequest } from "./layout-types.ts";

/** What the client needs of a Web Worker. */
export interface LayoutWorker {
  postMessage: (question: LayoutQuestion, transfer: Transferable[]) => void;
  addEventListener: {
    (type: "message", listener: (event: MessageEvent<LayoutAnswer>) => void): void;
    (type: "error", listener: () => void): void;
  };
  terminate: () => void;
}

/** How a question ended. */
export type LayoutOutcome = { readonly layout: GraphLayout } | { readonly failure: string };

export interface LayoutClient {
  /** Asks for a layout. Only the latest question is answered: `done` of those before it is never called. */
  readonly ask: (request: LayoutRequest, done: (outcome: LayoutOutcome) => void) => void;
  readonly stop: () => void;
}

interface Asked {
  readonly number: number;
  readonly request: LayoutRequest;
  readonly done: (outcome: LayoutOutcome) => void;
}

/**
 * Lays graphs out in a worker, one at a time. Where no worker starts (an old browser, a policy that forbids it) or it breaks
 * down, the page's own thread does it, and for good.
 */
export function layoutClient(startWorker: () => LayoutWorker): LayoutClient {
  let latest: Asked | null = null;
  let underWay: number | null = null;
  let asked = 0;
  let stopped = false;
  let worker: LayoutWorker | null = null;

  function settle(outcome: LayoutOutcome): void {
    const settled = latest;
    latest = null;
    settled?.done(outcome);
  }

  function next(): void {
    if (stopped || latest === null || underWay !== null) return;
    underWay = latest.number;
    if (worker === null) return void setTimeout(answerHere);
    const { number, request } = latest;
    const previous = request.previous === null ? null : packLayout(request.previous);
    worker.postMessage({ ...request, number, previous }, previous === null ? [] : buffersOf(previous));
  }

  function answerHere(): void {
    underWay = null;
    if (stopped || latest === null) return;
    settle(outcomeOf(latest.request));
    next();
  }

  function hear({ data }: MessageEvent<LayoutAnswer>): void {
    if (stopped) return;
    underWay = null;
    if (data.number === latest?.number) settle("layout" in data ? { layout: unpackLayout(data.layout) } : data);
    next();
  }

  function doWithout(): void {
    worker?.terminate();
    worker = null;
    underWay = null;
    next();
  }

  try {
    worker = startWorker();
    worker.addEventListener("message", hear);
    worker.addEventListener("error", doWithout);
  } catch {
    worker = null;
  }
  return {
    ask: (request, done) => {
      asked += 1;
      latest = { number: asked, request, done };
      next();
    },
    stop: () => {
      stopped = true;
      worker?.terminate();
    },
  };
}

function outcomeOf(request: LayoutRequest): LayoutOutcome {
  try {
    return { layout: layoutGraph(request) };
  } catch (error) {
    return { failure: String(error) };
  }
}
