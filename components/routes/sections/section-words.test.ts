import { describe, expect, it } from "vitest";
import { DEFAULT_RETRY } from "#domain/route-actions.ts";
import { EMPTY_ROUTE } from "../route-form-schema.ts";
import {
  advancedInWords,
  corsInWords,
  faultsInWords,
  headersInWords,
  mirrorInWords,
  rateLimitsInWords,
  retriesInWords,
  rewriteInWords,
  timeoutsInWords,
} from "./section-words.ts";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

describe("a closed section", () => {
  it("of a route nobody has changed says that nothing is set", () => {
    const { spec } = EMPTY_ROUTE;
    const sections = [
      timeoutsInWords(spec),
      retriesInWords(spec.retry),
      rewriteInWords(spec),
      headersInWords(spec.requestHeaders),
      corsInWords(spec.cors),
      rateLimitsInWords(spec.rateLimits),
      mirrorInWords(spec.mirror),
      faultsInWords(spec.faults),
      advancedInWords(spec),
    ];
    expect(sections.filter(({ set }) => set)).toEqual([]);
    expect(sections.map(({ summary }) => plain(summary))).toEqual([
      "15 s for all of it, 1 min idle, any body",
      "1 more try on connect failure, at most 20 % of requests",
      "Host and path stay as they are",
      "No changes",
      "Pages of other origins may not call",
      "No rate limit",
      "No copies",
      "None",
      "from outside and services, priority 0",
    ]);
  });

  it("tells what is set without being opened", () => {
    const words = [
      retriesInWords({ ...DEFAULT_RETRY, retries: 2, on: ["reset", "status"], statuses: [502, 503] }),
      rewriteInWords({ rewriteHost: "shop.internal", rewritePath: { kind: "prefix", value: "/v2" } }),
      headersInWords({ set: [{ name: "x-a", value: "1" }], remove: ["x-b"] }),
      rateLimitsInWords([{ requests: 100, perMs: 1000, burst: 100, by: { kind: "header", name: "x-user" } }]),
      mirrorInWords({ service: "audit", labels: { version: "2" }, percent: 12.5 }),
      faultsInWords({ delay: { ms: 500, percent: 10 }, abort: { status: 503, percent: 1 } }),
    ];
    expect(words.every(({ set }) => set)).toBe(true);
    expect(words.map(({ summary }) => plain(summary))).toEqual([
      "2 more tries on reset before an answer or status 502 503, at most 20 % of requests, any method",
      "host becomes shop.internal, the matched part becomes /v2",
      "remove x-b, set x-a",
      "100 per 1 s for each header x-user",
      "12.5 % copied to audit version=2",
      "10 % delayed by 500 ms, 1 % aborted with 503, for everybody",
    ]);
  });

  it("marks retries that were switched off, since a new route has some", () => {
    expect(retriesInWords(null)).toEqual({ summary: "No retries", set: true });
  });

  it("does not break while a field is empty", () => {
    expect(plain(timeoutsInWords({ timeoutMs: Number.NaN, idleTimeoutMs: 1000, maxBodyBytes: 1024 }).summary)).toBe(
      "not filled in for all of it, 1 s idle, bodies up to 1 KiB",
    );
  });
});
