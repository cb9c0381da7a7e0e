import { describe, expect, it } from "vitest";
import { defaultServicePolicy } from "#domain/service-policy.ts";
import { healthCheckInWords, outlierInWords, tlsInWords } from "./service-policy-words.ts";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

describe("a closed section of a service's policy", () => {
  it("says the defaults, and that they are", () => {
    const { outlier, healthCheck, tls } = defaultServicePolicy("shop");
    const sections = [outlierInWords(outlier), healthCheckInWords(healthCheck), tlsInWords(tls)];
    expect(sections.every(({ set }) => !set)).toBe(true);
    expect(sections.map(({ summary }) => plain(summary))).toEqual([
      "out after 5 failures in a row, for 30 s, at most 5 min, never more than 50 %",
      "None: instances are judged by their traffic alone",
      "As each instance registered",
    ]);
  });

  it("does not hide what makes the service less safe", () => {
    expect(tlsInWords({ verify: false })).toEqual({
      summary: "As each instance registered, certificates are not verified",
      set: true,
    });
    expect(outlierInWords({ enabled: false })).toEqual({
      summary: "Off: instances stay in however they fail",
      set: true,
    });
  });
});
