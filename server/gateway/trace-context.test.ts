import { describe, expect, it } from "vitest";
import { readTraceparent, readTracestate, startTrace, writeTraceparent } from "./trace-context.ts";

const ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

describe("a traceparent", () => {
  it("is read, and goes on under a parent id of our own, with no flag but the one we know", () => {
    const trace = readTraceparent(`00-${ID}-${PARENT}-03`);
    expect(trace).toEqual({ id: ID, sampled: true });
    const next = writeTraceparent(trace ?? startTrace(false));
    expect(next).toMatch(new RegExp(`^00-${ID}-[0-9a-f]{16}-01$`));
    expect(next).not.toContain(PARENT);
    expect(writeTraceparent({ id: ID, sampled: false })).toMatch(/-00$/);
  });

  it("of a later version is read as far as we know it", () => {
    expect(readTraceparent(`cc-${ID}-${PARENT}-00-what-the-future-brings`)).toEqual({ id: ID, sampled: false });
    expect(readTraceparent(`cc-${ID}-${PARENT}-01`)).toEqual({ id: ID, sampled: true });
    expect(readTraceparent(`cc-${ID}-${PARENT}-01.`)).toBeNull();
  });

  it.each([
    "",
    `00-${ID}-${PARENT}`,
    `00-${ID}-${PARENT}-01-more`,
    `ff-${ID}-${PARENT}-01`,
    `00-${"0".repeat(32)}-${PARENT}-01`,
    `00-${ID}-${"0".repeat(16)}-01`,
    `00-${ID.toUpperCase()}-${PARENT}-01`,
    `00-${ID}-${PARENT}-0g`,
    `00_${ID}-${PARENT}-01`,
    ` 00-${ID}-${PARENT}-01`,
  ])("is not used when it is %s", (value) => expect(readTraceparent(value)).toBeNull());
});

describe("tracestate", () => {
  it("is passed on as one field", () => {
    expect(readTracestate(["congo=t61rcWkgMzE"])).toBe("congo=t61rcWkgMzE");
    expect(readTracestate(["rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE"])).toBe(
      "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
    );
  });

  it.each([[], [""], ["no pair"], [`a=${"x".repeat(512)}`], ["a=\u00e9"], [Array(33).fill("a=1").join(",")]])(
    "is dropped when it is %j",
    (...values) => expect(readTracestate(values)).toBeNull(),
  );
});
