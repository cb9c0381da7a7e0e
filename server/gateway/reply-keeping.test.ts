import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayBeShown, mayKeep } from "./reply-keeping.ts";

const control = (value: string): string[] => ["cache-control", value];
const DATE = ["date", "Wed, 25 Nov 2026 12:00:00 GMT"];
const PLAIN = ["host", "shop.test"];

describe("a good answer", () => {
  it("may be kept and shown to all who send no credentials, however stale, when nothing is said of it", () => {
    expect(mayKeep(PLAIN, [])).toEqual({
      ageMs: 0,
      ageLimitMs: Number.POSITIVE_INFINITY,
      forAll: false,
      chosenBy: [],
    });
    expect(mayKeep(PLAIN, control("max-age=0"))?.ageLimitMs).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ["no-store", control("no-store")],
    ["private", control("max-age=60, Private")],
    ["private, of a field", control('private="x-user"')],
    ["no-cache", control("no-cache")],
    ["no-cache, of a field", control('no-cache="x-user", max-age=60')],
    ["no-store, on a second line", [...control("max-age=60"), ...control("no-store")]],
    ["no-store behind a quote that never ends", control('ext="a, no-store')],
    ["a cookie", ["set-cookie", "a=1", ...control("public")]],
    ["chosen by anything", ["vary", "accept, *"]],
    ["pragma, from old services", ["pragma", "no-cache"]],
  ])("is not kept: %s (RFC 9111 §3, §4.1)", (_why, answer) => {
    expect(mayKeep(PLAIN, answer)).toBeNull();
  });

  it("is not kept when the request says no-store (RFC 9111 §5.2.1.5)", () => {
    expect(mayKeep(control("no-store"), control("public, max-age=60"))).toBeNull();
  });

  it.each(["authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token", "x-forwarded-user"])(
    "to a request with %s is kept only when it is said to be for all",
    (name) => {
      const sent = [...PLAIN, name, "secret"];
      expect(mayKeep(sent, control("max-age=60"))).toBeNull();
      expect(mayKeep(sent, control("public"))).toMatchObject({ forAll: true });
      expect(mayKeep(sent, control("s-maxage=60"))).toMatchObject({ forAll: true, ageLimitMs: 60_000 });
    },
  );

  it.each([
    ["must-revalidate, max-age=60", 60_000],
    ["proxy-revalidate, max-age=60", 60_000],
    ["must-revalidate", 0],
    ["s-maxage=10, max-age=60", 10_000],
    ["must-revalidate, max-age=soon", 0],
    ["must-revalidate, stale-if-error=600, max-age=60", 60_000],
    ["max-age=60, stale-if-error=600", 660_000],
    ["stale-if-error=0", 0],
    ['max-age="60", must-revalidate', 60_000],
    ["max-age=60, max-age=90, must-revalidate", 60_000],
  ])("is shown stale only as far as it says: %s (RFC 9111 §4.2.4, RFC 5861 §4)", (value, limitMs) => {
    expect(mayKeep(PLAIN, control(value))?.ageLimitMs).toBe(limitMs);
  });

  it("is fresh until `expires`, when that is all it says", () => {
    const expires = ["expires", "Wed, 25 Nov 2026 12:01:30 GMT"];
    expect(mayKeep(PLAIN, [...DATE, ...expires, ...control("must-revalidate")])?.ageLimitMs).toBe(90_000);
    expect(mayKeep(PLAIN, [...DATE, "expires", "0", ...control("must-revalidate")])?.ageLimitMs).toBe(0);
  });

  it("has the age it came with", () => {
    expect(mayKeep(PLAIN, ["age", "30"])?.ageMs).toBe(30_000);
    expect(mayKeep(PLAIN, ["age", "-1"])?.ageMs).toBe(0);
  });

  it("is chosen by what `vary` names, and by the encoding when it is encoded, said or not", () => {
    expect(mayKeep(PLAIN, ["vary", "Accept-Language, X-A", "vary", "x-a"])?.chosenBy).toEqual([
      "accept-language",
      "x-a",
    ]);
    expect(mayKeep(PLAIN, ["content-encoding", "gzip"])?.chosenBy).toEqual(["accept-encoding"]);
  });

  it("whatever else it says, is never kept when one word forbids it", () => {
    const harmless = fc.constantFrom(
      "public",
      "max-age=60",
      "s-maxage=5",
      "immutable",
      'ext="a, b"',
      "stale-if-error=9",
    );
    const words = fc.array(harmless, { maxLength: 4 });
    const forbidding = fc.constantFrom("no-store", "private", "no-cache", "No-Store", 'private="a"');
    fc.assert(
      fc.property(words, forbidding, words, fc.boolean(), (before, word, after, twoLines) => {
        const answer = twoLines
          ? [...control([...before, word].join(" , ")), ...control(after.join(","))]
          : control([...before, word, ...after].join(","));
        expect(mayKeep(PLAIN, answer)).toBeNull();
        expect(mayKeep(PLAIN, control([...before, ...after].join(",")))).not.toBeNull();
      }),
    );
  });
});

describe("a request", () => {
  it("with credentials is shown only what is for all", () => {
    for (const name of ["authorization", "cookie"]) {
      expect([mayBeShown([name, "x"], false), mayBeShown([name, "x"], true)]).toEqual([false, true]);
    }
  });

  it("that wants nothing out of a store, or to be sure of the present state, is not shown any", () => {
    expect(mayBeShown(control("no-cache"), true)).toBe(false);
    expect(mayBeShown(["if-match", '"a"'], true)).toBe(false);
    expect(mayBeShown(["if-unmodified-since", "Wed, 25 Nov 2026 12:00:00 GMT"], true)).toBe(false);
    // As a reload says it: how fresh, not whether.
    expect(mayBeShown([...control("max-age=0"), "if-none-match", '"a"'], false)).toBe(true);
  });
});
