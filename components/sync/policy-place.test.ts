import { describe, expect, it } from "vitest";
import { policyPlace } from "./policy-place.ts";

describe("policyPlace", () => {
  it("leads to the page of each kind of object", () => {
    expect(policyPlace("routes/checkout")).toEqual({ name: "Route checkout", href: "/routes/checkout" });
    expect(policyPlace("services/orders").href).toBe("/services/orders");
    expect(policyPlace("breakers/command:checkout:payments")).toEqual({
      name: "Breaker policy checkout->payments",
      href: "/breakers/checkout-%3Epayments",
    });
    expect(policyPlace("breakers/service:payments").href).toBe("/breakers/service%3Apayments");
  });

  it("leads nowhere from what is no object of ours", () => {
    for (const key of ["head", "", "routes", "breakers/nonsense", "../../audit"])
      expect(policyPlace(key).href).toBeNull();
  });
});
