import { expect, it } from "vitest";
import { WindowStore } from "#telemetry/window-store.ts";
import { HeldTraffic } from "./held-traffic.ts";
import { secondOf } from "./test-bed/traffic-history.ts";

const BASE_MS = Date.parse("2026-11-25T12:00:00Z");

it("windows out of a long buffer are placed when they happened, however long the console takes to read them", () => {
  const held = new HeldTraffic(64 * 1024 * 1024);
  const store = new WindowStore();
  const placed = new Map<number, number>();
  // Ten minutes of windows, of which a console that has much to read takes ten a second.
  let nowMs = BASE_MS + 600_000;
  store.greet("r1", nowMs, nowMs);
  for (let n = 1; n <= 600; n += 1) {
    const window = secondOf(BASE_MS + (n - 1) * 1000, n, []);
    store.add(window, nowMs);
    held.add(window, () => store.endedAtMs(window), nowMs);
    nowMs += 100;
    for (const due of held.due(nowMs, nowMs)) placed.set(due.sequence, due.atMs);
  }
  for (const due of held.due(nowMs, nowMs, true)) placed.set(due.sequence, due.atMs);
  const errors = [...placed].map(([sequence, atMs]) => Math.abs(atMs - (BASE_MS + (sequence - 1) * 1000)));
  expect(Math.max(...errors)).toBeLessThanOrEqual(1000);
});
