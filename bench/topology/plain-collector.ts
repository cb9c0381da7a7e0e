import { createParser } from "eventsource-parser";
import { totalsOf } from "#domain/edge-totals.ts";
import { TrafficWindow } from "#domain/traffic.ts";
import { CALLS_MS, type Collector } from "#telemetry/collector.ts";
import { WindowStore } from "#telemetry/window-store.ts";

/** What a window's place in time may differ by from a full second, ms. */
const HALF_WINDOW_MS = 500;

interface Followed {
  readonly store: WindowStore;
  windows: TrafficWindow[];
}

/**
 * The plain way, for comparison: every window a JSON document, parsed by zod, and the last ten seconds added up anew for
 * every picture. It neither connects again nor keeps a minute: what it does is less than a collector must.
 */
export function collectPlainly(
  urls: ReadonlyMap<string, string>,
  onWindow: (window: TrafficWindow) => void,
): Pick<Collector, "gateways" | "calls" | "statuses" | "transitionsOf" | "stop"> {
  const stop = new AbortController();
  const followed = new Map<string, Followed>(
    [...urls.keys()].map((id) => [id, { store: new WindowStore(), windows: [] }]),
  );

  function take(id: string, data: string): void {
    const window = TrafficWindow.parse(JSON.parse(data));
    const own = followed.get(id);
    if (own === undefined) return;
    own.store.add(window, Date.now());
    own.windows = [...own.windows.slice(-12), window];
    onWindow(window);
  }

  async function follow(id: string, url: string): Promise<void> {
    const response = await fetch(`${url}/telemetry`, { signal: stop.signal });
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === "window") take(id, data);
      },
    });
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) parser.feed(text);
  }

  const ends = Promise.allSettled([...urls].map(([id, url]) => follow(id, url)));
  return {
    gateways: (nowMs) =>
      [...followed].map(([gatewayId, { store }]) => ({
        gatewayId,
        windows: store.since(nowMs - 64_000),
        latest: store.latest(),
      })),
    calls: () =>
      totalsOf(
        [...followed].map(([gatewayId, { windows }]) => {
          const sinceMs = (windows.at(-1)?.endMs ?? 0) - CALLS_MS + HALF_WINDOW_MS;
          return {
            gatewayId,
            edges: windows.filter(({ endMs }) => endMs > sinceMs).flatMap(({ edges }) => edges),
          };
        }),
      ),
    statuses: () => [],
    transitionsOf: () => [],
    async stop() {
      stop.abort();
      await ends;
    },
  };
}
