import { expect, it } from "vitest";
import { canonicalPath } from "./canonical-path.ts";

it.each([
  ["/", "/"],
  ["/a/", "/a/"],
  ["/%7Eann/%c3%a9", "/~ann/%C3%A9"],
  ["/%2541", "/%2541"],
  ["/a/...", "/a/..."],
])("%s is %s, which stays as it is", (raw, canonical) => {
  expect(canonicalPath(raw)).toBe(canonical);
  expect(canonicalPath(canonical)).toBe(canonical);
});

it.each([
  "",
  "a",
  "//",
  "/a//b",
  "/a/../b",
  "/a/%2e",
  "/a\\b",
  "/a;b",
  "/a#b",
  "/%00",
  "/%2f",
  "/%5C",
  "/%zz",
  "/é",
  "/a b",
])("%s has none", (raw) => expect(canonicalPath(raw)).toBeNull());
