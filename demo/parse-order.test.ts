import { describe, expect, it } from "vitest";
import { parseOrder, USAGE } from "./parse-order.ts";

describe("parseOrder", () => {
  it("understands every order", () => {
    expect(parseOrder(["status"])).toEqual({ order: "status" });
    expect(parseOrder(["break", "payments"])).toEqual({ order: "break", service: "payments" });
    expect(parseOrder(["slow", "inventory"])).toEqual({ order: "slow", service: "inventory" });
    expect(parseOrder(["heal"])).toEqual({ order: "heal" });
    expect(parseOrder(["heal", "payments"])).toEqual({ order: "heal", service: "payments" });
  });

  it("takes a number of visits a second, or the wave", () => {
    expect(parseOrder(["load", "20"])).toEqual({ order: "load", perSecond: 20 });
    expect(parseOrder(["load", "0"])).toEqual({ order: "load", perSecond: 0 });
    expect(parseOrder(["load", "wave"])).toEqual({ order: "load", perSecond: null });
    for (const word of ["many", "-1", "501", " "]) expect(parseOrder(["load", word])).toMatch(/0 to 500, or: wave/);
    expect(parseOrder(["load"])).toMatch(/0 to 500, or: wave/);
  });

  it("names the services when the one asked for does not exist", () => {
    expect(parseOrder(["break", "paymnets"])).toMatch(/no service "paymnets".*payments-backup/);
  });

  it("asks for the service when it is missing", () => {
    expect(parseOrder(["break"])).toMatch(/which service to break/);
  });

  it("shows how it is used for anything else", () => {
    for (const words of [[], ["explode"], ["status", "payments"], ["break", "payments", "now"]])
      expect(parseOrder(words)).toBe(USAGE);
  });
});
