import { describe, expect, it } from "vitest";
import type { Instance, RegistryService } from "#domain/instance.ts";
import { holdMissing, identities } from "./registry-hold.ts";

function services(...entries: string[]): RegistryService[] {
  const byName = new Map<string, Instance[]>();
  for (const entry of entries) {
    const [service = "", id = "", address = "10.0.0.1"] = entry.split("/");
    const instance: Instance = {
      service,
      id,
      address,
      port: 80,
      tls: false,
      metadata: {},
      serving: true,
      origin: "curator",
      registeredAtMs: 0,
    };
    byName.set(service, [...(byName.get(service) ?? []), instance]);
  }
  return [...byName].map(([name, instances]) => ({ name, instances, unreadable: [] }));
}
const ids = (all: readonly RegistryService[]): string[] =>
  all.flatMap((service) => service.instances.map(({ id }) => `${service.name}/${id}`));
const at = (sinceReturnMs: number, unconfirmed: readonly RegistryService[] = []) => ({
  sinceReturnMs,
  unconfirmed: identities(unconfirmed),
  graceMs: 2000,
  holdMs: 15_000,
});

describe("holdMissing", () => {
  it("believes everything at once away from a reconnect, an empty registry too", () => {
    const held = holdMissing(services("a/1", "a/2", "b/1"), [], at(Number.POSITIVE_INFINITY));
    expect(held).toEqual({ services: [], lookAgainMs: null });
  });

  it("keeps a few missing instances for the grace just after a reconnect, and no longer", () => {
    const before = services("a/1", "a/2", "a/3", "b/1");
    const fresh = services("a/1", "a/3", "b/1", "c/1");
    expect(ids(holdMissing(before, fresh, at(500)).services)).toEqual(["a/1", "a/2", "a/3", "b/1", "c/1"]);
    expect(holdMissing(before, fresh, at(500)).lookAgainMs).toBe(1500);
    expect(holdMissing(before, fresh, at(2000))).toEqual({ services: fresh, lookAgainMs: null });
  });

  it("disbelieves a mass disappearance for longer, but not for ever", () => {
    const before = services("a/1", "a/2", "b/1", "b/2");
    expect(ids(holdMissing(before, [], at(14_999, before)).services)).toEqual(["a/1", "a/2", "b/1", "b/2"]);
    expect(ids(holdMissing(before, services("b/2"), at(3000, before)).services)).toEqual(["a/1", "a/2", "b/1", "b/2"]);
    expect(ids(holdMissing(before, [], at(15_000, before)).services)).toEqual([]);
    expect(ids(holdMissing(before, services("a/1", "a/2"), at(3000, before)).services)).toEqual(["a/1", "a/2"]);
  });

  it("believes at once that an instance left which had been seen since the return", () => {
    const before = services("a/1", "a/2", "b/1");
    expect(ids(holdMissing(before, [], at(3000, services("a/1"))).services)).toEqual(["a/1"]);
    expect(holdMissing(before, [], at(3000, services("a/1"))).lookAgainMs).toBe(12_000);
    expect(ids(holdMissing(before, [], at(3000)).services)).toEqual([]);
  });

  it("takes an instance that came back elsewhere as moved, and one re-created in place as the same", () => {
    expect(
      holdMissing(services("a/1/10.0.0.1", "a/2"), services("a/1/10.0.0.9", "a/2"), at(10)).services[0]?.instances,
    ).toMatchObject([{ id: "1", address: "10.0.0.9" }, { id: "2" }]);
    expect(holdMissing(services("a/1"), services("a/1"), at(10)).lookAgainMs).toBeNull();
  });
});
