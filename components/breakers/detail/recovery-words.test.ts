import { describe, expect, it } from "vitest";
import { BreakerSettings } from "#domain/breaker-policy.ts";
import { testReading } from "#domain/test-reading.ts";
import { heldInWords, recoveryInWords, recoveryStages } from "./recovery-words.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const DEFAULTS = BreakerSettings.parse({});
const GRADED = BreakerSettings.parse({ readmission: {} });
const STEP = { step: 2, steps: 3, percent: 5, calls: 3, errors: 0, errorsAllowed: 1, untilMs: 12_000 };

describe("recoveryInWords", () => {
  it("counts down to the trial, and says how long the next rest would be", () => {
    const settings = BreakerSettings.parse({ sleepBackoffFactor: 2, sleepJitterPercent: 10 });
    const words = recoveryInWords(testReading({ state: "open", nextTrialAtMs: 12_500, trips: 2 }), settings, 10_000);
    expect(words.map(plain)).toEqual([
      "Next trial in 3 s.",
      "Opened 2 times in a row; if it goes wrong, the next sleep window is 20 s ±10 %.",
    ]);
  });

  it("never says in 0 s: then the next call is the trial", () => {
    const at = (nextTrialAtMs: number) =>
      plain(recoveryInWords(testReading({ state: "open", nextTrialAtMs }), DEFAULTS, 10_000)[0] ?? "");
    expect(at(10_001)).toBe("Next trial in 1 s.");
    expect(at(10_000)).toBe("The next call is the trial.");
  });

  it("tells a step of the graded return with what it may still cost", () => {
    const words = recoveryInWords(testReading({ state: "half-open", readmission: STEP }), GRADED, 10_000);
    expect(plain(words[0] ?? "")).toBe(
      "Step 2 of 3: 5 % let through, 3 calls, 0 of 1 allowed errors; over in 2 s at the earliest.",
    );
  });

  it("has nothing to say of a closed breaker", () => {
    expect(recoveryInWords(testReading({}), DEFAULTS, 0)).toEqual([]);
  });
});

describe("recoveryStages", () => {
  const nowAt = (reading: Parameters<typeof testReading>[0], settings = GRADED) =>
    recoveryStages(testReading(reading), settings).find(({ reached }) => reached === "now")?.name;
  it("shows where the breaker is on its way back", () => {
    expect(nowAt({ state: "open" })).toBe("Open");
    expect(nowAt({ state: "half-open" })).toBe("Trial");
    expect(nowAt({ state: "half-open", readmission: STEP })).toBe("5 %");
    expect(nowAt({})).toBe("Closed");
    expect(recoveryStages(testReading({}), DEFAULTS).map(({ name }) => name)).toEqual(["Open", "Trial", "Closed"]);
  });
});

describe("heldInWords", () => {
  const override = {
    id: "x",
    mode: "forced-closed",
    actor: "Ada",
    reason: "test",
    createdAtMs: 0,
    expiresAtMs: null,
  } as const;
  it("keeps the automatic state in words under a person's hold", () => {
    const words = heldInWords(testReading({ override, state: "open", cause: "61 % of 214 calls failed" }), 0) ?? "";
    expect(words).toMatch(/^Forced closed by Ada until lifted; would be open since .*: 61 % of 214 calls failed\.$/);
    expect(heldInWords(testReading({}), 0)).toBeNull();
  });
});
