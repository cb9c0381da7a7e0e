import { beforeEach, describe, expect, it } from "vitest";
import type { ServiceRecord } from "#domain/backup-outlook.ts";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { EdgeTotals } from "#domain/edge-totals.ts";
import { bucketOf } from "#domain/histogram.ts";
import type { FleetBreaker, LiveService } from "#domain/live.ts";
import { testInstance } from "#domain/test-instance.ts";
import { testBreaker } from "#domain/test-picture.ts";
import { testReading } from "#domain/test-reading.ts";

import { FleetOutlooks, type OutlookSources } from "./fleet-outlooks.ts";

const NOW_MS = 1_000_000;

const breaker = testBreaker({
  key: "pay->payments",
  routeId: "pay",
  gateways: [{ gatewayId: "a", reading: testReading({}) }],
  offeredPerSecond: 80,
});

function policy(draft: object): BreakerPolicySpec {
  return BreakerPolicySpec.parse({ target: { kind: "service", service: "payments" }, settings: {}, ...draft });
}
const withBackup = policy({ fallbacks: [{ kind: "service", service: "spare" }] });

function spare(standings: readonly Partial<LiveService["standings"][number]>[] = []): LiveService {
  return {
    name: "spare",
    instances: [testInstance({ service: "spare", id: "spare-1", metadata: { zone: "a" } })],
    unreadable: [],
    traffic: [],
    standings: standings.map((standing) => ({
      service: "spare",
      instance: "spare-1",
      gatewayId: "a",
      worker: null,
      ejections: 1,
      ejectedUntilMs: null,
      health: "unknown" as const,
      override: null,
      ...standing,
    })),
    departed: [],
  };
}

const call = (change: Partial<EdgeTotals>): EdgeTotals => ({
  caller: "outside",
  routeId: "pay",
  service: "spare",
  subset: "",
  instance: "spare-1",
  asFallback: false,
  counts: { success: 100 },
  latency: [[bucketOf(100), 100]],
  bytesOut: 0,
  inFlight: 0,
  gateways: [],
  ...change,
});

let record: ServiceRecord;
/** Of the last hour. */
let hourMs: number | null;
let fleet: FleetOutlooks;

beforeEach(() => {
  record = { peakPerSecond: 90, watchedMs: 3_600_000 };
  hourMs = null;
  fleet = new FleetOutlooks({ recordOf: () => record, meanMs: () => hourMs });
});

const seen = (change: Partial<OutlookSources> = {}, of = breaker): FleetBreaker | undefined =>
  fleet.add([of], {
    calls: [],
    windowMs: 10_000,
    services: [spare()],
    gateways: [{ gatewayId: "a" }, { gatewayId: "b" }],
    policies: [withBackup],
    nowMs: NOW_MS,
    ...change,
  })[0];

const outlook = (change: Partial<OutlookSources> = {}): string | undefined =>
  seen(change)
    ?.outlooks.map(({ verdict, words }) => `${verdict}: ${words}`)
    .join();

describe("the outlook on a breaker's backups", () => {
  it("is there for the backups its policy names, the command's before the service's; without any the breaker is the same", () => {
    const command = { kind: "command", routeId: "pay", service: "payments" };
    expect(outlook()).toBe("enough: spare has served 90/s in the last hour; 80/s would come.");
    expect(outlook({ policies: [withBackup, policy({ target: command })] })).toBe("");
    expect(seen({ policies: [] })).toBe(breaker);
  });

  it("makes a new breaker only of one that says something new", () => {
    const first = seen();
    expect(first).not.toBe(breaker);
    expect(seen()).toBe(first);
    const busier = seen({}, { ...breaker, callers: ["orders"] });
    expect(busier?.callers).toEqual(["orders"]);
    expect(busier?.outlooks).toBe(first?.outlooks);
    record = { peakPerSecond: 10, watchedMs: 3_600_000 };
    expect(seen()?.outlooks[0]?.verdict).toBe("unproven");
  });

  it("counts what the backup does for others, and not what it does for this breaker already", () => {
    const calls = [call({ routeId: "other", counts: { success: 200 } }), call({ asFallback: true })];
    expect(outlook({ calls })).toMatch(/^unproven: .* 100\/s would come\.$/);
  });

  it("takes the time of answers from now, or else from the last hour, and the limits from both policies", () => {
    const limits = (own: number, fallbacks: number) => [
      policy({
        settings: { fallbackMaxConcurrent: fallbacks },
        fallbacks: [{ kind: "service", service: "spare" }],
      }),
      policy({ target: { kind: "service", service: "spare" }, settings: { maxConcurrent: own } }),
    ];
    const calls = [call({ asFallback: true })];
    expect(outlook({ calls, policies: limits(9, 9) })).toMatch(/^enough/);
    expect(outlook({ calls, policies: limits(7, 9) })).toMatch(/^too-small: .*7 to spare/);
    expect(outlook({ calls, policies: limits(9, 7) })).toMatch(/^too-small: .*7 fallbacks/);
    expect(outlook({ policies: limits(9, 7) })).toMatch(/^enough/);
    hourMs = 100;
    expect(outlook({ policies: limits(9, 7) })).toMatch(/^too-small/);
  });

  it("is bad when no gateway has an instance it would call", () => {
    const none = "too-small: spare has no healthy instance.";
    expect(outlook({ services: [] })).toBe(none);
    const sick = { health: "unhealthy" as const };
    expect(outlook({ services: [spare([sick])] })).toMatch(/^enough/);
    expect(outlook({ services: [spare([sick, { ...sick, gatewayId: "b" }])] })).toBe(none);
    const ejected = { ejectedUntilMs: NOW_MS + 1 };
    expect(outlook({ services: [spare([ejected])], gateways: [{ gatewayId: "a" }] })).toBe(none);
    expect(outlook({ services: [spare([{ ejectedUntilMs: NOW_MS }])], gateways: [{ gatewayId: "a" }] })).toMatch(
      /^enough/,
    );
    const elsewhere = policy({ fallbacks: [{ kind: "service", service: "spare", labels: { zone: "b" } }] });
    expect(outlook({ policies: [elsewhere] })).toBe(none);
  });
});
