import { describe, expect, it } from "vitest";
import type { OverrideSpec } from "./override.ts";
import { overrideSpans } from "./override-spans.ts";

const spec = (change: Partial<OverrideSpec>): OverrideSpec => ({
  target: { kind: "service", service: "cart" },
  mode: "forced-open",
  reason: "it smokes",
  actor: "Ada",
  scope: { kind: "fleet" },
  createdAtMs: 100,
  expiresAtMs: 200,
  ...change,
});
const spans = (...entries: [number, OverrideSpec | null][]) =>
  overrideSpans(
    entries.map(([atMs, after]) => ({ atMs, target: "overrides/service:cart@fleet", after })),
    0,
    1000,
  ).map(({ fromMs, toMs }) => [fromMs, toMs]);

describe("the times overrides were in force", () => {
  it("end at the expiry, though that is put on record later", () => {
    expect(spans([100, spec({})], [205, null])).toEqual([[100, 200]]);
  });

  it("are one when an override was given more time", () => {
    expect(spans([100, spec({})], [150, spec({ expiresAtMs: 300 })], [301, null])).toEqual([[100, 300]]);
  });

  it("are two when it was replaced", () => {
    const second = spec({ createdAtMs: 150, expiresAtMs: null });
    expect(spans([100, spec({})], [150, second])).toEqual([
      [100, 150],
      [150, null],
    ]);
  });
});
