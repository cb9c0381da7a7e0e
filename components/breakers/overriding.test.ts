import { describe, expect, it } from "vitest";
import type { LiveService } from "#domain/live.ts";
import {
  overrideId,
  type OverrideMode,
  type OverrideScope,
  type OverrideSpec,
  type OverrideTarget,
} from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { testBreaker, testService } from "#domain/test-picture.ts";
import { testReading } from "#domain/test-reading.ts";
import { formatClock } from "../format/time.ts";
import { answersInstead, chainInWords, liftEffect, reachInWords } from "./force-effect.ts";
import { standsInWords, standsOf } from "./instance-stand.ts";
import { bySoonestEnd } from "./override-banner.tsx";
import { forceWord, nameToType } from "./override-form.ts";
import { relationsOf } from "./override-relations.ts";

const FLEET: OverrideScope = { kind: "fleet" };
const ONE: OverrideScope = { kind: "gateway", gatewayId: "one" };
const TWO: OverrideScope = { kind: "gateway", gatewayId: "two" };
const command: OverrideTarget = { kind: "command", routeId: "checkout", service: "payments" };
const service: OverrideTarget = { kind: "service", service: "payments" };
const instance: OverrideTarget = { kind: "instance", service: "payments", instance: "a" };

function row(
  target: OverrideTarget,
  scope: OverrideScope = FLEET,
  mode: OverrideMode = "forced-closed",
  expiresAtMs: number | null = null,
): PolicyRow<OverrideSpec> {
  const spec = { target, scope, mode, reason: "test", actor: "Ada", createdAtMs: 0, expiresAtMs };
  return { id: overrideId(target, scope), version: 1, revision: 1, spec, updatedAtMs: 0, updatedBy: "Ada" };
}

describe("what forcing affects, in words", () => {
  it("says who calls, each with its rate where that is known", () => {
    const callers = [
      { name: "orders", requestsPerSecond: 4 },
      { name: "support", requestsPerSecond: null },
    ];
    expect(reachInWords({ requestsPerSecond: 6, callers, breakers: [], gateways: [] })).toBe(
      "6.0/s from orders (4.0/s) and support now.",
    );
    expect(reachInWords({ requestsPerSecond: 0, callers, breakers: [], gateways: [] })).toBe(
      "Nothing is calling it now.",
    );
  });

  it("names what answers instead in its order, commands that differ apart", () => {
    const reading = testReading({ backups: ["backup-a", "backup-b"], replies: ["last-good", "fixed"] });
    const here = testBreaker({
      gateways: [
        { gatewayId: "one", reading },
        { gatewayId: "two", reading },
      ],
    });
    const bare = testBreaker({ key: "refund->payments", gateways: [{ gatewayId: "one", reading: testReading({}) }] });
    const answers = answersInstead([here, bare]);
    expect(answers.map(({ commands }) => commands)).toEqual([["checkout->payments"], ["refund->payments"]]);
    expect(answers.map(({ chain }) => chainInWords(chain))).toEqual([
      "backup-a, then backup-b, then the last good reply, then the fixed reply; else 503",
      "Nothing: callers get 503",
    ]);
  });

  it("asks for the command's key or the service's name to be typed", () => {
    expect([command, service, instance].map(nameToType)).toEqual(["checkout->payments", "payments", "payments"]);
    expect(forceWord(instance, "forced-open")).toBe("Force out");
  });

  it("says what takes over when it ends", () => {
    const open = testBreaker({ gateways: [{ gatewayId: "one", reading: testReading({ state: "open" }) }] });
    expect(liftEffect([open], { target: service })).toContain("checkout->payments is open");
    expect(liftEffect([], { target: instance })).toContain("Ejection and health checks decide again");
  });
});

describe("overrides that are there already", () => {
  const related = (rows: readonly PolicyRow<OverrideSpec>[], target: OverrideTarget, scope = FLEET) => {
    const { replaced, winning, losing } = relationsOf(rows, { target, scope, mode: "forced-open" });
    return { replaced: replaced?.id, winning: winning.map(({ id }) => id), losing: losing.map(({ id }) => id) };
  };

  it("of the same target and scope are replaced, of a narrower scope go on binding there", () => {
    const rows = [row(service), row(service, ONE)];
    expect(related(rows, service)).toEqual({ replaced: rows[0]?.id, winning: [rows[1]?.id], losing: [] });
  });

  it("of the whole service are beaten by the command's, whatever their scope", () => {
    const rows = [row(service, ONE), row(command)];
    expect(related(rows, command)).toEqual({ replaced: rows[1]?.id, winning: [], losing: [rows[0]?.id] });
    expect(related(rows, service)).toEqual({
      replaced: undefined,
      winning: rows.map(({ id }) => id),
      losing: [],
    });
  });

  it("of another gateway, another service or another layer have nothing to do with it", () => {
    const rows = [row(service, TWO), row({ kind: "service", service: "cart" }), row(instance)];
    const { replaced, winning, losing } = relationsOf(rows, { target: service, scope: ONE, mode: "forced-open" });
    expect([replaced, ...winning, ...losing]).toEqual([null]);
    expect(related(rows, instance).replaced).toBe(rows[2]?.id);
  });

  it("are listed with the soonest end first, those without an end last", () => {
    const rows = [row(service), row(command, FLEET, "forced-open", 20), row(instance, FLEET, "forced-open", 10)];
    expect(bySoonestEnd(rows).map(({ spec }) => spec.expiresAtMs)).toEqual([10, 20, null]);
  });
});

describe("how instances stand", () => {
  const standing = (change: Partial<LiveService["standings"][number]>): LiveService["standings"][number] => ({
    service: "payments",
    instance: "a",
    worker: null,
    gatewayId: "one",
    ejections: 0,
    ejectedUntilMs: null,
    health: "unknown",
    override: null,
    ...change,
  });
  const held = (mode: OverrideMode, expiresAtMs: number | null) => ({
    id: "x",
    mode,
    actor: "Ada",
    reason: "test",
    createdAtMs: 0,
    expiresAtMs,
  });
  const stands = (standings: LiveService["standings"], nowMs = 0, settings = {}) =>
    standsOf(testService("payments", ["a", "b"], { standings }), settings, nowMs);

  it("is said by what is worst, with the gateways that say so", () => {
    const both = [
      standing({ ejectedUntilMs: 5000, ejections: 2 }),
      standing({ gatewayId: "two", health: "unhealthy" }),
    ];
    expect(stands(both)[0]).toEqual({
      id: "a",
      kind: "ejected",
      words: `ejected until ${formatClock(5000)} at one; fails its health check at two`,
      ejections: 2,
    });
    expect(standsInWords(stands(both))).toBe("2 instances: 1 ejected, 1 serving");
  });

  it("says the same of several gateways and workers once", () => {
    const alike = [1, 2].map((worker) => standing({ worker, health: "unhealthy" }));
    expect(stands([...alike, standing({ gatewayId: "two", health: "unhealthy" })])[0]?.words).toBe(
      "fails its health check at one, two",
    );
  });

  it("names who holds it, and what would be underneath; both end on time though the standing is old", () => {
    const kept = standing({ override: held("forced-closed", 9000), ejectedUntilMs: 5000 });
    expect(stands([kept])[0]).toMatchObject({
      kind: "kept-in",
      words: `kept in by Ada until ${formatClock(9000)} at one; would be ejected until ${formatClock(5000)} at one`,
    });
    expect(stands([kept], 9000)[0]).toMatchObject({ kind: "in", words: "serving" });
    expect(stands([standing({ override: held("forced-open", null) })])[0]).toMatchObject({
      kind: "forced-out",
      words: "forced out by Ada until lifted at one",
    });
  });

  it("knows what policy says of it, too", () => {
    expect(stands([], 0, { a: { weight: 100, drained: true } }).map(({ kind }) => kind)).toEqual(["drained", "in"]);
  });
});
