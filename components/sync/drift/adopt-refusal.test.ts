import { describe, expect, it } from "vitest";
import { testRoute } from "#domain/test-route.ts";
import { adoptRefusal } from "./adopt-refusal.ts";

const { spec } = testRoute("checkout");
const changed = { ...spec, description: "changed by hand" };

describe("adoptRefusal", () => {
  it("lets a valid object that differs from the database become an edit", () => {
    expect(adoptRefusal({ key: "routes/checkout", found: changed, database: spec })).toBeNull();
    expect(adoptRefusal({ key: "routes/checkout", found: spec, database: null })).toBeNull();
    expect(adoptRefusal({ key: "routes/checkout", found: null, database: spec })).toBeNull();
  });

  it("says why the rest cannot", () => {
    expect(adoptRefusal({ key: "head", found: {}, database: null })).toContain("head");
    expect(adoptRefusal({ key: "secrets/x", found: {}, database: null })).toContain("no object");
    expect(adoptRefusal({ key: "routes/checkout", found: null, database: null })).toContain("does not have it either");
    expect(adoptRefusal({ key: "routes/checkout", found: "\u0000{", database: spec })).toContain("cannot be read");
    expect(adoptRefusal({ key: "routes/checkout", found: { ...spec, hosts: 7 }, database: spec })).toContain("hosts");
    expect(adoptRefusal({ key: "routes/checkout", found: { ...spec }, database: spec })).toContain("already");
  });
});
