import { expect, it } from "vitest";
import { someNames } from "./names.ts";

it("names all of a few, and counts the rest of many", () => {
  expect(someNames([])).toBe("");
  expect(someNames(["a"])).toBe("a");
  expect(someNames(["a", "b", "c"])).toBe("a, b and c");
  expect(someNames(["a", "b", "c", "d"])).toBe("a, b and 2 more");
  expect(someNames(["a", "b"], 1)).toBe("2 more");
});
