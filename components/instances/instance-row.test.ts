import { expect, it } from "vitest";
import type { LiveService } from "#domain/live.ts";
import { testService } from "#domain/test-picture.ts";
import { rowsOf, type SettingsOf } from "./instance-row.ts";

const NOTHING_SET: ReturnType<SettingsOf> = {};
const rows = (service: LiveService, nowMs: number, settings = NOTHING_SET) => rowsOf([service], () => settings, nowMs);

it("are the same rows for a service that is as before, and others once anything of it is", () => {
  const service = testService("cart", ["a", "b"]);
  const before = rows(service, 1000);
  expect(rows(service, 2000)[0]).toBe(before[0]);
  const drained = rows(service, 3000, { a: { drained: true, weight: 100 } });
  expect(drained.map(({ stand }) => stand.kind)).toEqual(["drained", "in"]);
  const traffic = [{ instance: "a", requestsPerSecond: 2, errorRatio: 0, p95Ms: null }];
  expect(rows({ ...service, traffic }, 4000)[0]?.traffic).toBe(traffic[0]);
});

it("end an ejection when its time is over, though nothing of the service changed", () => {
  const service = testService("cart", ["a"], {
    standings: [
      {
        service: "cart",
        instance: "a",
        worker: null,
        ejections: 1,
        ejectedUntilMs: 5000,
        health: "unknown",
        override: null,
        gatewayId: "gateway-1",
      },
    ],
  });
  expect(rows(service, 4000)[0]?.stand.kind).toBe("ejected");
  expect(rows(service, 6000)[0]?.stand.kind).toBe("in");
});
