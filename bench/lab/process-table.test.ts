import { describe, expect, it } from "vitest";
import { cpuOfTree, foreignShare, readProcessTable, residentOfTree, type ProcessTable } from "./process-table.ts";

const entry = (parent: number, cpuUs: number, endedChildrenUs = 0): [number, number, number] => [
  parent,
  cpuUs,
  endedChildrenUs,
];
function table(atMs: number, busyUs: number, processes: Record<number, [number, number, number]>): ProcessTable {
  return {
    atMs,
    busyUs,
    processes: new Map(
      Object.entries(processes).map(([pid, [parent, cpuUs, endedChildrenUs]]) => [
        Number(pid),
        { parent, cpuUs, endedChildrenUs, residentBytes: 1000 },
      ]),
    ),
  };
}

describe("a process tree", () => {
  const machine = table(0, 0, {
    1: entry(0, 5),
    10: entry(1, 100, 7),
    11: entry(10, 20),
    12: entry(11, 3),
    20: entry(1, 900),
  });

  it("is a process with all that descend from it, ended children included", () => {
    expect(cpuOfTree(machine, 10)).toBe(130);
    expect(residentOfTree(machine, 10)).toBe(3000);
  });

  it("of a process that is no more is nothing", () => {
    expect(cpuOfTree(machine, 99)).toBe(0);
  });
});

describe("foreignShare", () => {
  it("is what others used, as a share of one core", () => {
    const before = table(1000, 0, { 10: entry(1, 0) });
    const after = table(3000, 2_500_000, { 10: entry(1, 1_900_000), 11: entry(10, 200_000) });
    expect(foreignShare(before, after, 10)).toBeCloseTo(0.2);
  });

  it("is never below zero, however ticks are rounded", () => {
    expect(foreignShare(table(0, 0, { 10: entry(1, 0) }), table(1000, 0, { 10: entry(1, 10_000) }), 10)).toBe(0);
  });
});

describe("readProcessTable", () => {
  it("sees this very process", () => {
    const own = readProcessTable().processes.get(process.pid);
    expect(own?.parent).toBe(process.ppid);
    expect(own?.residentBytes).toBeGreaterThan(1_000_000);
  });
});
