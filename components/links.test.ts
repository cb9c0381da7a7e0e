import { describe, expect, it } from "vitest";
import { links, safeNext } from "./links.ts";

describe("links", () => {
  it("keeps names apart from the address around them", () => {
    expect(links.service("a/b?c")).toBe("/services/a%2Fb%3Fc");
    expect(links.instances("a&b=c")).toBe("/instances?q=a%26b%3Dc");
    expect(links.jvmCommand("billing/a/b")).toBe("/breakers/jvm/billing%2Fa%2Fb");
    expect(links.healthSettings("pay*&q")).toBe("/settings/health?q=pay*%26q");
    expect(links.breaker("checkout->payments")).toBe("/breakers/checkout-%3Epayments");
  });
});

describe("safeNext", () => {
  it("leads back to the page asked for", () => {
    expect(safeNext("/routes/shop?q=1")).toBe("/routes/shop?q=1");
  });

  it("never leads to another site", () => {
    for (const next of [null, "", "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
      expect(safeNext(next)).toBe("/topology");
    }
  });
});
