import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RequestView } from "./request-view.ts";

function view(headers: readonly string[], search = ""): RequestView {
  return new RequestView({
    arrival: { listener: "edge", caller: "outside" },
    head: {
      method: "GET",
      path: "/",
      pathNeeds: [],
      search,
      host: "a.com",
      authority: "a.com",
      headers,
      hopNames: [],
      webSocket: false,
      spoken: "1.1",
      hasBody: false,
      contentLength: null,
    },
  });
}

describe("headers", () => {
  it("are found by their whole name, and lines of one name are joined", () => {
    const request = view(["x-beta", "1", "accept", "a", "x-beta", "2"]);
    expect(request.header("x-beta")).toBe("1, 2");
    expect(request.header("accept")).toBe("a");
    expect(request.header("x-bet")).toBeUndefined();
  });

  it("that are empty are there nevertheless", () => {
    expect(view(["x-empty", ""]).header("x-empty")).toBe("");
  });
});

describe("cookies", () => {
  it.each([
    ["the first of a name counts", ["cookie", "a=1; a=2"], "1"],
    ["in several fields too", ["cookie", "b=0", "cookie", "a=1", "cookie", "a=2"], "1"],
    ["without a space between pairs", ["cookie", "b=0;a=1;c=2"], "1"],
    ["quotes are part of the value", ["cookie", 'a="x y"'], '"x y"'],
    ["commas and further = are too", ["cookie", "b=1, 2; a=x,y==; c=3"], "x,y=="],
    ["empty is not absent", ["cookie", "a=; b=1"], ""],
    ["a name without = is no cookie", ["cookie", "a; b=1"], undefined],
    ["case matters", ["cookie", "A=1"], undefined],
    ["the end of another name is not the name", ["cookie", "aa=1; xa=2"], undefined],
    ["no field, no cookie", ["accept", "a=1"], undefined],
  ])("%s", (_what, headers, value) => {
    expect(view(headers).cookie("a")).toBe(value);
  });
});

describe("query parameters", () => {
  it.each([
    ["?a=1&a=2", "1"],
    ["?b=0&a=hello+world%21", "hello world!"],
    ["?%61=1", "1"],
    ["?a", ""],
    ["?a=", ""],
    ["?a=x=y", "x=y"],
    ["?&&a=caf%C3%A9", "café"],
    ["?a=100%", "100%"],
    ["?a=%zz%4", "%zz%4"],
    ["?a=%ff", "\ufffd"],
    ["?b=a", undefined],
    ["?", undefined],
    ["", undefined],
  ])("%s", (search, value) => {
    expect(view([], search).query("a")).toBe(value);
  });

  it("are read as the URL standard says, whatever is written", () => {
    const piece = fc.constantFrom("a", "b", "%", "%6", "%61", "%C3", "%A9", "+", "=", "&", "0", "%zz", "F");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.constantFrom("a", "b", "", "a b"), (pieces, name) => {
        const search = `?${pieces.join("")}`;
        expect(view([], search).query(name)).toBe(new URLSearchParams(search).get(name) ?? undefined);
      }),
      { numRuns: 2000 },
    );
  });
});
