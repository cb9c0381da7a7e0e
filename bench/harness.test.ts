import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printCases, ratioOf, report } from "./harness.ts";

const THROUGHPUT = { name: "routing", unit: "requests/s", better: "higher" } as const;
const LATENCY = { name: "p99", unit: "ms", better: "lower" } as const;

describe("ratioOf", () => {
  it("is above 1 where ours is better, whichever way is better", () => {
    expect(ratioOf({ ...THROUGHPUT, ours: 30_000, peers: { a: 15_000 } })).toBe(2);
    expect(ratioOf({ ...LATENCY, ours: 5, peers: { a: 10 } })).toBe(2);
  });

  it("is below 1 where ours is worse", () => {
    expect(ratioOf({ ...THROUGHPUT, ours: 10, peers: { a: 40 } })).toBe(0.25);
    expect(ratioOf({ ...LATENCY, ours: 40, peers: { a: 10 } })).toBe(0.25);
  });

  it("holds ours against the best peer", () => {
    expect(ratioOf({ ...THROUGHPUT, ours: 20, peers: { slow: 5, fast: 40 } })).toBe(0.5);
    expect(ratioOf({ ...LATENCY, ours: 20, peers: { slow: 50, fast: 10 } })).toBe(0.5);
  });

  it("is null without a peer", () => {
    expect(ratioOf({ ...LATENCY, ours: 1, peers: {} })).toBeNull();
  });
});

describe("report", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "meshkeeper-bench-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("writes each case with its ratio, and prints the same as a table", async () => {
    let printed = "";
    const cases = [
      { ...THROUGHPUT, ours: 24_000.4, peers: { other: 20_000 } },
      { ...LATENCY, ours: 4, peers: { other: 6, third: 3 } },
    ];
    await report("gateway", cases, folder, (text) => (printed += text));

    const written: unknown = JSON.parse(await readFile(join(folder, "gateway.json"), "utf8"));
    expect(written).toEqual({
      measuredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      cases: [
        { name: "routing", ours: 24_000.4, peers: { other: 20_000 }, unit: "requests/s", ratio: 1.20002 },
        { name: "p99", ours: 4, peers: { other: 6, third: 3 }, unit: "ms", ratio: 0.75 },
      ],
    });
    expect(printed.trim().split("\n")).toEqual([
      "gateway   ours  other  third        unit  ratio",
      "routing  24000  20000         requests/s   1.20",
      "p99          4      6      3          ms   0.75",
      "ratio: how many times better than the best peer",
    ]);
  });

  it("says the ratio to each peer where a case asks for it, and only there", async () => {
    let printed = "";
    const cases = [
      { ...THROUGHPUT, ours: 30, peers: { other: 20, third: 60 }, eachPeer: true },
      { ...LATENCY, ours: 4, peers: { other: 6, third: 3 } },
    ];
    await report("each", cases, folder, (text) => (printed += text));

    const written: unknown = JSON.parse(await readFile(join(folder, "each.json"), "utf8"));
    expect(written).toMatchObject({ cases: [{ ratio: 0.5, ratios: { other: 1.5, third: 0.5 } }, { ratio: 0.75 }] });
    expect(written).not.toHaveProperty("cases.1.ratios");
    expect(printed.trim().split("\n")).toEqual([
      "each     ours      other      third        unit  ratio",
      "routing    30  20 (1.50)  60 (0.50)  requests/s   0.50",
      "p99         4          6          3          ms   0.75",
      "ratio: how many times better than the best peer; in brackets: than that peer",
    ]);
  });
});

describe("printCases", () => {
  it("prints the same table and leaves the results of the last run alone", async () => {
    let printed = "";
    printCases("never", [{ ...LATENCY, ours: 4, peers: { other: 6 } }], (text) => (printed += text));
    expect(printed).toContain("p99       4      6    ms   1.50");
    await expect(readFile(join(import.meta.dirname, "results", "never.json"))).rejects.toThrow("ENOENT");
  });
});
