import { describe, expect, it } from "vitest";
import type { Marker } from "#domain/history.ts";
import { foldMarkers } from "./fold-markers.ts";

function marker(id: string, atMs: number, more: Partial<Marker> = {}): Marker {
  return {
    id,
    atMs,
    kind: "breaker",
    title: id,
    actor: "",
    tone: "bad",
    concerns: ["payments"],
    auditSequence: null,
    ...more,
  };
}

const words = (markers: readonly Marker[]): string[] =>
  foldMarkers(markers).map(({ marker: { id }, earlier }) => [id, ...earlier.map((one) => one.id)].join(" "));

describe("a breaker that goes to and fro", () => {
  it("is its latest transition, with the others folded into it, whatever happened between them", () => {
    expect(
      words([
        marker("f", 25_000),
        marker("e", 20_000),
        marker("edit", 18_000, { kind: "revision", concerns: ["payments"] }),
        marker("d", 15_000),
        marker("other", 12_000, { concerns: ["orders"] }),
        marker("c", 10_000),
      ]),
    ).toEqual(["f e d c", "edit", "other"]);
  });

  it("is not folded when it is few transitions, or another outage", () => {
    expect(words([marker("c", 3000), marker("b", 2000), marker("a", 1000)])).toEqual(["c", "b", "a"]);
    expect(
      words([marker("e", 900_000), marker("d", 4000), marker("c", 3000), marker("b", 2000), marker("a", 1000)]),
    ).toEqual(["e", "d c b a"]);
  });

  it("folds instances that come together, and leaves those that go apart from them", () => {
    const came = Array.from({ length: 6 }, (_, at) =>
      marker(`came ${6 - at}`, 60_000 - at, { kind: "instance", tone: "good" }),
    );
    const left = marker("left", 59_998, { kind: "instance", tone: "warn" });
    const long = marker("long before", 10_000, { kind: "instance", tone: "good" });
    const folded = foldMarkers([...came.slice(0, 3), left, ...came.slice(3), long]);
    expect(folded.map(({ marker: { id }, earlier }) => `${id}: ${earlier.length}`)).toEqual([
      "came 6: 5",
      "left: 0",
      "long before: 0",
    ]);
  });

  it("leaves a few instances apart", () => {
    const came = (id: string, atMs: number) => marker(id, atMs, { kind: "instance" });
    expect(words([came("d", 4), came("c", 3), came("b", 2), came("a", 1)])).toEqual(["d", "c", "b", "a"]);
  });
});
