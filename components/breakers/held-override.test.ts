import { describe, expect, it } from "vitest";
import type { LivePicture } from "#domain/live.ts";
import { overrideId, type OverrideScope, type OverrideSpec, type OverrideTarget } from "#domain/override.ts";
import { testBreaker, testPicture, testService } from "#domain/test-picture.ts";
import { testReading } from "#domain/test-reading.ts";
import type { OverrideReading } from "#domain/traffic.ts";
import { heldOverrides } from "./held-override.ts";

const FLEET: OverrideScope = { kind: "fleet" };
const command: OverrideTarget = { kind: "command", routeId: "checkout", service: "payments" };
const service: OverrideTarget = { kind: "service", service: "payments" };
const instance: OverrideTarget = { kind: "instance", service: "payments", instance: "10.0.0.1:80/a" };
const SAID = { mode: "forced-open", actor: "Ada", reason: "Moving the database", createdAtMs: 5 } as const;
const DOWN = { state: "down", sinceMs: 0, problem: "" } as const;

function reading(target: OverrideTarget, scope: OverrideScope, expiresAtMs: number | null = null): OverrideReading {
  return { id: overrideId(target, scope), ...SAID, expiresAtMs };
}

function breaker(routeId: string, overrides: Readonly<Record<string, OverrideReading | null>>) {
  const gateways = Object.entries(overrides).map(([gatewayId, override]) => ({
    gatewayId,
    reading: testReading({ routeId, override }),
  }));
  return testBreaker({ key: `${routeId}->payments`, routeId, gateways });
}

function withoutDatabase(change: Partial<LivePicture>): LivePicture {
  const { links } = testPicture();
  return testPicture({ links: { ...links, database: DOWN }, ...change });
}

describe("overrides in force", () => {
  const spec: OverrideSpec = { target: command, scope: FLEET, ...SAID, expiresAtMs: 100 };
  const row = { id: overrideId(command, FLEET), version: 1, revision: 1, spec, updatedAtMs: 0, updatedBy: "Ada" };
  const other = withoutDatabase({ breakers: [breaker("refund", { one: reading(service, FLEET) })] });

  it("are those saved, whatever gateways say, until they expire", () => {
    expect(heldOverrides([row], other, 99)).toEqual([{ id: row.id, spec, row }]);
    expect(heldOverrides([row], other, 100)).toEqual([]);
    expect(heldOverrides([], other, 0)).toEqual([]);
  });

  it("are unknown while the saved ones are still being read", () => {
    expect(heldOverrides(undefined, null, 0)).toEqual([]);
    expect(heldOverrides(undefined, testPicture({ breakers: other.breakers }), 0)).toEqual([]);
  });

  it("are those gateways report, each once, when the database does not answer", () => {
    const everywhere = reading(service, FLEET);
    const breakers = [
      breaker("checkout", { one: everywhere, two: reading(command, { kind: "gateway", gatewayId: "two" }) }),
      breaker("refund", { one: everywhere, two: everywhere, three: null }),
    ];
    expect(heldOverrides(undefined, withoutDatabase({ breakers }), 0)).toEqual([
      { id: everywhere.id, spec: { target: service, scope: FLEET, ...SAID, expiresAtMs: null }, row: null },
      {
        id: "command:checkout:payments@gateway:two",
        spec: { target: command, scope: { kind: "gateway", gatewayId: "two" }, ...SAID, expiresAtMs: null },
        row: null,
      },
    ]);
  });

  it("that are reported include those of instances, and end with their time", () => {
    const override = reading(instance, FLEET, 100);
    const standing = { worker: null, ejections: 0, ejectedUntilMs: null, health: "unknown", override } as const;
    const standings = ["one", "two"].map((gatewayId) => ({
      gatewayId,
      service: "payments",
      instance: instance.instance,
      ...standing,
    }));
    const picture = withoutDatabase({ services: [testService("payments", [], { standings })] });
    expect(heldOverrides(undefined, picture, 99).map(({ spec: { target } }) => target)).toEqual([instance]);
    expect(heldOverrides(undefined, picture, 100)).toEqual([]);
  });
});
