import { gzipSync } from "node:zlib";
import { applyChanges, changesBetween, FIELD_NAMES } from "#domain/live-changes.ts";
import type { LivePicture } from "#domain/live.ts";
import { testPicture } from "#domain/test-picture.ts";
import { FleetBreakers } from "#telemetry/fleet-breakers.ts";
import { TransitionBook } from "#telemetry/transition-book.ts";
import { WindowStore } from "#telemetry/window-store.ts";
import { report, type BenchCase } from "./harness.ts";
import { manyBreakersWindow } from "./lab/many-breakers.ts";
import { median } from "./measure.ts";

/**
 * What the Breakers page costs the console and the wire, by the second. The peer is not another program but the plain way:
 * every breaker with its whole minute, as `live.current` answers and as the first message of a subscription is.
 */
const WARM_UP = 70;
const MEASURED = 30;

interface Fleet {
  readonly breakers: number;
  readonly gateways: number;
  readonly busiest: number;
}

interface Second {
  readonly pictureMs: number;
  readonly changesMs: number;
  readonly applyMs: number;
  readonly whole: string;
  readonly changes: string;
}

function run({ breakers: count, gateways, busiest }: Fleet): Second[] {
  const ids = Array.from({ length: gateways }, (_, n) => `gateway-${n + 1}`);
  const stores = new Map(ids.map((id) => [id, new WindowStore()]));
  const fleet = new FleetBreakers();
  const book = new TransitionBook();
  const start = Date.now();
  let told: LivePicture = testPicture();
  let shown = told;
  const seconds: Second[] = [];
  for (let sequence = 1; sequence <= WARM_UP + MEASURED; sequence += 1) {
    const nowMs = start + sequence * 1000;
    for (const [gatewayId, store] of stores)
      store.add(manyBreakersWindow({ gatewayId, count, busiest }, sequence, nowMs - 10), nowMs);
    const collected = [...stores].map(([gatewayId, store]) => ({
      gatewayId,
      windows: store.since(nowMs - 64_000),
      latest: store.latest(),
    }));
    const transitionsOf = (routeId: string, service: string) => book.of(routeId, service);
    const began = performance.now();
    const breakers = fleet.take({ gateways: collected, calls: [], transitionsOf, nowMs });
    const taken = performance.now();
    const next = testPicture({ breakers });
    const changes = changesBetween(told, next);
    const found = performance.now();
    shown = applyChanges(shown, changes, FIELD_NAMES);
    const applyMs = performance.now() - found;
    told = next;
    if (sequence > WARM_UP)
      seconds.push({
        pictureMs: taken - began,
        changesMs: found - taken,
        applyMs,
        whole: JSON.stringify(next),
        changes,
      });
  }
  if (JSON.stringify(shown) !== JSON.stringify(told)) throw new Error("The browser's picture is another one.");
  return seconds;
}

function casesOf(title: string, fleet: Fleet): BenchCase[] {
  const seconds = run(fleet);
  const mid = (figure: (second: Second) => number): number => median(seconds.map(figure));
  const kib = (text: string): number => text.length / 1024;
  const zipped = (text: string): number => gzipSync(text).length / 1024;
  const lower = (name: string, unit: string, ours: number, whole?: number): BenchCase => ({
    name: `${title}: ${name}`,
    ours,
    peers: whole === undefined ? {} : { whole },
    unit,
    better: "lower",
  });
  return [
    lower(
      "take a picture",
      "ms",
      mid((second) => second.pictureMs),
    ),
    lower(
      "find what changed",
      "ms",
      mid((second) => second.changesMs),
    ),
    lower(
      "put it together in the browser",
      "ms",
      mid((second) => second.applyMs),
    ),
    lower(
      "told per second",
      "KiB",
      mid((second) => kib(second.changes)),
      mid((second) => kib(second.whole)),
    ),
    lower(
      "told per second, compressed",
      "KiB",
      mid((second) => zipped(second.changes)),
      mid((second) => zipped(second.whole)),
    ),
  ];
}

await report("cockpit", [
  ...casesOf("500 busy × 2", { breakers: 500, gateways: 2, busiest: 400 }),
  ...casesOf("500 busy × 5", { breakers: 500, gateways: 5, busiest: 400 }),
  ...casesOf("500 idle × 2", { breakers: 500, gateways: 2, busiest: 0 }),
]);
