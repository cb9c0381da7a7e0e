import { describe, expect, it } from "vitest";
import { NOTHING_SELECTED, withAll, withToggled } from "./selection.ts";

const ORDER = ["a", "b", "c", "d"];
const keysOf = ({ keys }: typeof NOTHING_SELECTED) => [...keys].toSorted();

describe("a selection", () => {
  it("ticks and unticks one row", () => {
    const one = withToggled(NOTHING_SELECTED, "b", ORDER, false);
    expect(keysOf(one)).toEqual(["b"]);
    expect(keysOf(withToggled(one, "b", ORDER, false))).toEqual([]);
  });

  it("takes a range from the row ticked last, upwards too, and takes it back", () => {
    const one = withToggled(NOTHING_SELECTED, "d", ORDER, false);
    const range = withToggled(one, "b", ORDER, true);
    expect(keysOf(range)).toEqual(["b", "c", "d"]);
    expect(keysOf(withToggled(range, "d", ORDER, true))).toEqual([]);
  });

  it("takes one row where the range has no beginning: at first, and when that row is no longer shown", () => {
    expect(keysOf(withToggled(NOTHING_SELECTED, "c", ORDER, true))).toEqual(["c"]);
    const gone = withToggled(NOTHING_SELECTED, "a", ORDER, false);
    expect(keysOf(withToggled(gone, "d", ["b", "c", "d"], true))).toEqual(["a", "d"]);
  });

  it("keeps what is not shown when all shown rows are ticked or unticked", () => {
    const hidden = withToggled(NOTHING_SELECTED, "z", ["z"], false);
    const all = withAll(hidden, ORDER, true);
    expect(keysOf(all)).toEqual(["a", "b", "c", "d", "z"]);
    expect(keysOf(withAll(all, ORDER, false))).toEqual(["z"]);
  });
});
