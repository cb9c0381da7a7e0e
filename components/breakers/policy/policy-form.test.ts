import { describe, expect, it } from "vitest";
import { BreakerSettings } from "#domain/breaker-policy.ts";
import { insertPlace, mayMove } from "./fallback-order.ts";
import { policyFieldName } from "./field-names.ts";
import { fixedReplyPreview } from "./fixed-reply-text.ts";
import { knownFacts } from "./known-facts.ts";
import {
  backoffInWords,
  budgetInWords,
  failuresInWords,
  openingInWords,
  readmissionInWords,
  sleepWindowsMs,
  slowCallsInWords,
} from "./policy-words.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("settings in words", () => {
  it("say when it opens", () => {
    expect(plain(openingInWords({}))).toBe("Opens when 50 % or more of at least 20 calls within 10 s have failed.");
    expect(plain(openingInWords({ slowCallMs: 800 }))).toContain("or 50 % of them have taken 800 ms or longer.");
    expect(openingInWords({ enabled: false })).toContain("Never opens by itself");
  });

  it("say what a graded return will do, step by step, and how long it takes", () => {
    expect(plain(readmissionInWords({ readmission: {} }).summary)).toBe(
      "After 1 trial: 1 % for 5 s, 5 % for 5 s, 25 % for 5 s, then all; about 15 s",
    );
    expect(readmissionInWords({ halfOpenPermits: 3 })).toEqual({
      summary: "After 3 trials all calls at once",
      set: false,
    });
    expect(budgetInWords({ readmission: { stepCalls: 5 } })).toContain("of the first 5 calls of a step none may fail");
    expect(budgetInWords({ readmission: { stepCalls: 20 } })).toContain("of every 20 calls of a step 2 may fail");
  });

  it("follow sleep windows until they stop growing", () => {
    const growing = { sleepWindowMs: 5000, sleepBackoffFactor: 2, sleepWindowMaxMs: 30_000 };
    expect(sleepWindowsMs(growing)).toEqual([5000, 10_000, 20_000, 30_000]);
    expect(plain(backoffInWords({ ...growing, sleepJitterPercent: 10 }).summary)).toBe(
      "5 s, 10 s, 20 s, 30 s, then no longer, while trials fail, each ±10 %",
    );
    expect(sleepWindowsMs({ sleepWindowMs: 5000 })).toEqual([5000]);
    expect(sleepWindowsMs({ sleepBackoffFactor: Number.NaN })).toEqual([5000]);
  });

  it("call the defaults not set, so that their sections stay closed", () => {
    const defaults = BreakerSettings.parse({});
    const words = [failuresInWords, slowCallsInWords, backoffInWords, readmissionInWords].map((say) => say(defaults));
    expect(words.map(({ set }) => set)).toEqual([false, false, false, false]);
    expect(failuresInWords({ failureStatuses: ["5xx", "429"] }).set).toBe(true);
  });
});

describe("the order of fallbacks", () => {
  it("keeps a fixed reply last, whatever is added or moved", () => {
    expect(insertPlace(["service", "fixed"], "last-good")).toBe(1);
    expect(insertPlace(["service"], "fixed")).toBe(1);
    expect(mayMove(["service", "last-good", "fixed"], 0, 1)).toBe(true);
    expect(mayMove(["service", "last-good", "fixed"], 1, 1)).toBe(false);
    expect(mayMove(["service", "last-good", "fixed"], 2, -1)).toBe(false);
    expect(mayMove(["service", "last-good"], 0, -1)).toBe(false);
  });
});

describe("policyFieldName", () => {
  it("names a field as its label does, and an entry after its list", () => {
    expect(policyFieldName("settings.errorThresholdPercent")).toBe("Error threshold (%)");
    expect(policyFieldName("settings.readmission.steps.2")).toBe("Steps of the graded return");
    expect(policyFieldName("fallbacks.1.status")).toBe("Fallback 2, status");
    expect(policyFieldName("fallbacks")).toBe("Fallbacks");
  });
});

describe("fixedReplyPreview", () => {
  it("lays JSON out, and says when the body is none although it is called so", () => {
    expect(fixedReplyPreview({ body: '{"a":1}' })).toMatchObject({ body: '{\n  "a": 1\n}', remark: null });
    expect(fixedReplyPreview({ body: "sorry" }).remark).toContain("no JSON");
    expect(fixedReplyPreview({ body: "" }).remark).toContain("empty");
    expect(fixedReplyPreview({ body: "sorry", contentType: "text/plain" })).toMatchObject({
      body: "sorry",
      remark: null,
    });
  });
});

describe("knownFacts", () => {
  const reading = { inFlight: 1, maxInFlight: 4 };
  const breakers = [
    { routeId: "checkout", service: "payments", offeredPerSecond: 6, gateways: [{ reading }, { reading }] },
    { routeId: "refund", service: "payments", offeredPerSecond: 2, gateways: [{ reading }] },
  ];
  const routes = [
    {
      id: "checkout",
      spec: { timeoutMs: 900, retry: null, destinations: [{ service: "payments", labels: {}, weight: 1 }] },
    },
    { id: "shop", spec: { timeoutMs: 900, retry: null, destinations: [{ service: "web", labels: {}, weight: 1 }] } },
  ];

  it("takes the load of one breaker: the fleet's shared among its gateways", () => {
    const facts = knownFacts({ kind: "command", routeId: "checkout", service: "payments" }, breakers, routes);
    expect(facts.load).toEqual([
      { perSecond: 3, inFlight: 4 },
      { perSecond: 3, inFlight: 4 },
    ]);
  });

  it("takes every route to the service when the policy is for all of them", () => {
    const facts = knownFacts({ kind: "service", service: "payments" }, breakers, routes);
    expect(facts.load).toHaveLength(3);
    expect(facts.routes.map(({ id }) => id)).toEqual(["checkout"]);
  });
});
