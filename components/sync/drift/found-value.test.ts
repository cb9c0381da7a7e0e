import { describe, expect, it } from "vitest";
import { foundValue } from "./found-value.ts";

describe("foundValue", () => {
  it("reads the spec of a document that somebody edited by hand", () => {
    const text = JSON.stringify({ v: 1, key: "routes/x", spec: { hosts: ["a"] }, hash: "stale" });
    expect(foundValue(text)).toEqual({ kind: "spec", spec: { hosts: ["a"] }, byHand: true });
    expect(foundValue({ hosts: ["a"] })).toEqual({ kind: "spec", spec: { hosts: ["a"] }, byHand: false });
  });

  it("keeps anything else as text, and takes a missing node and a tombstone for nothing", () => {
    expect(foundValue("<script>")).toEqual({ kind: "text", text: "<script>" });
    expect(foundValue('{"spec": {"cut": "sho')).toEqual({ kind: "text", text: '{"spec": {"cut": "sho' });
    expect(foundValue("7").kind).toBe("text");
    expect(foundValue(null)).toEqual({ kind: "nothing" });
    expect(foundValue('{"spec":null}')).toEqual({ kind: "nothing" });
  });
});
