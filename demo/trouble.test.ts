import { describe, expect, it } from "vitest";
import { SLOW_MS, Troubles } from "./trouble.ts";

describe("Troubles", () => {
  it("leaves a healthy service alone, also while another is broken", () => {
    const troubles = new Troubles();
    troubles.set("payments", "break");
    expect(troubles.next("orders")).toEqual({ kind: "none" });
  });

  it("fails every request of a broken service, cutting the connection at every fourth", () => {
    const troubles = new Troubles();
    troubles.set("payments", "break");
    const kinds = Array.from({ length: 8 }, () => troubles.next("payments").kind);
    expect(kinds).toEqual(["fail", "fail", "fail", "reset", "fail", "fail", "fail", "reset"]);
  });

  it("delays a slow service beyond the usual deadline of a second", () => {
    const troubles = new Troubles();
    troubles.set("inventory", "slow");
    expect(troubles.next("inventory")).toEqual({ kind: "delay", ms: SLOW_MS });
    expect(SLOW_MS).toBeGreaterThan(1000);
  });

  it("heals one service at a time and lists what is left", () => {
    const troubles = new Troubles();
    troubles.set("payments", "break");
    troubles.set("inventory", "slow");
    troubles.heal("payments");
    expect(troubles.next("payments")).toEqual({ kind: "none" });
    expect(troubles.list().filter(({ trouble }) => trouble !== null)).toEqual([
      { service: "inventory", trouble: "slow" },
    ]);
  });
});
