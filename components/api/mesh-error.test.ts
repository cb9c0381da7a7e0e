import { describe, expect, it } from "vitest";
import { meshErrorOf, messageOf } from "./mesh-error.ts";

const refused = { data: { mesh: { code: "NOT_FOUND", blame: "caller", message: "It does not exist." } } };

describe("meshErrorOf", () => {
  it("reads a failure of the catalogue that carries nothing but its code and message", () => {
    expect(meshErrorOf(refused)).toMatchObject({ code: "NOT_FOUND" });
    expect(messageOf(refused)).toContain("It does not exist.");
  });

  it("takes a failure without the catalogue's account for a lost connection", () => {
    expect(meshErrorOf(new TypeError("fetch failed"))).toBeNull();
    expect(messageOf(new TypeError("fetch failed"))).toContain("does not answer");
  });
});
