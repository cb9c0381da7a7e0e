import { describe, expect, it } from "vitest";
import { loadProblem } from "./load.ts";

const clean = { requests: 10_000, seconds: 2, bytes: 10_000 * 200, failures: 0 };

describe("what came back under load", () => {
  it("is as expected when every answer was 2xx and of the length of the one that was looked at", () => {
    expect(loadProblem(clean, 200)).toBeNull();
  });

  it("may count bytes of answers that were cut off at the end", () => {
    const large = { requests: 1000, seconds: 2, bytes: 1000 * 10_000 + 60 * 9000, failures: 0 };
    expect(loadProblem(large, 10_000)).toBeNull();
  });

  it("is not when requests failed", () => {
    expect(loadProblem({ ...clean, failures: 3 }, 200)).toBe("3 of 10000 requests failed");
  });

  it("is not when bodies were missing or in excess", () => {
    expect(loadProblem(clean, 10_000)).toMatch("200 bytes on average instead of 10000");
    expect(loadProblem({ ...clean, bytes: 10_000 * 400 }, 200)).toMatch("400 bytes on average");
  });

  it("is not when there was nothing", () => {
    expect(loadProblem({ ...clean, requests: 0, bytes: 0 }, 200)).toBe("no answers");
  });
});
