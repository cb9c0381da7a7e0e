import { describe, expect, it } from "vitest";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import { testInstance, testRegistry } from "#domain/test-instance.ts";
import { Departures, SHOW_DEPARTED_MS } from "./departures.ts";

function picture(...ids: string[]): RegistryPicture {
  const instances = ids.map((id) => testInstance({ service: "cart", id }));
  return testRegistry(ids.length === 0 ? [] : [{ name: "cart", instances, unreadable: [] }]);
}

describe("instances that left", () => {
  it("are shown for five minutes, also when their service went with them", () => {
    const departures = new Departures();
    departures.observe(picture("a", "b"), 0);
    departures.observe(picture("a"), 1000);
    departures.observe(picture(), 2000);
    expect(departures.recent(2000).map(({ id, atMs }) => [id, atMs])).toEqual([
      ["a", 2000],
      ["b", 1000],
    ]);
    expect(departures.recent(1000 + SHOW_DEPARTED_MS).map(({ id }) => id)).toEqual(["a"]);
  });

  it("and came back have not left", () => {
    const departures = new Departures();
    departures.observe(picture("a"), 0);
    departures.observe(picture(), 1000);
    departures.observe(picture("a"), 2000);
    expect(departures.recent(2000)).toEqual([]);
  });

  it("are none before the registry was read completely", () => {
    const departures = new Departures();
    departures.observe(picture("a"), 0);
    departures.observe(EMPTY_REGISTRY, 1000);
    expect(departures.recent(1000)).toEqual([]);
  });
});
