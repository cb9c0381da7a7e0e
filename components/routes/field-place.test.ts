import { describe, expect, it } from "vitest";
import { fieldPlace } from "./field-place.ts";

describe("fieldPlace", () => {
  it("names the section a field stands in, and which of several", () => {
    expect(
      ["id", "spec.matches.1.headers.0.name", "spec.retry.statuses.0", "spec.rateLimits.0.by", "spec.destinations"].map(
        fieldPlace,
      ),
    ).toEqual(["Name", "Match 2", "Retries", "Rate limit 1", "Destination"]);
  });
});
