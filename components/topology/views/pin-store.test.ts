import { describe, expect, it } from "vitest";
import { NO_PINS, pinKey, readPins, writePins, type PinStorage } from "./pin-store.ts";

function storage(): PinStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

const pins = new Map([["service:orders", { x: 10.4, y: -3 }]]);

describe("pins between visits", () => {
  it("are kept for each person and each view by itself, in whole pixels", () => {
    const at = storage();
    writePins(at, pinKey("ada", null), pins);
    expect(readPins(at, pinKey("ada", null))).toEqual(new Map([["service:orders", { x: 10, y: -3 }]]));
    expect(readPins(at, pinKey("bob", null))).toBe(NO_PINS);
    expect(readPins(at, pinKey("ada", "view"))).toBe(NO_PINS);
    writePins(at, pinKey("ada", null), NO_PINS);
    expect(at.kept.size).toBe(0);
  });

  it("that nobody can read are none", () => {
    const at = storage();
    for (const text of ["", "{", '{"a":1}', '[["a","b",1]]']) {
      at.setItem("k", text);
      expect(readPins(at, "k")).toBe(NO_PINS);
    }
  });

  it("a browser that keeps nothing is no failure", () => {
    const full: PinStorage = {
      ...storage(),
      setItem: () => {
        throw new Error("QuotaExceededError");
      },
    };
    expect(() => {
      writePins(full, "k", pins);
    }).not.toThrow();
  });
});
