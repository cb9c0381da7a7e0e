import { expect, it } from "vitest";
import { canonicalPath } from "./canonical-path.ts";

it.each([
  ["/", "/"],
  ["/a/", "/a/"],
  ["/%7Eann/%c3%a9", "/~ann/%C3%A9"],
  ["/%2541", "/%2541"],
  ["/a/...", "/a/..."],
])("%s is %s, which stays as it is", (raw, canonical) => {
  expect(canonicalPath(raw)).toEqual({ path: canonical, needs: [] });
  expect(canonicalPath(canonical)).toEqual({ path: canonical, needs: [] });
});

it.each([
  ["//", "//", ["double-slash"]],
  ["//evil/x", "//evil/x", ["double-slash"]],
  ["/a;b", "/a;b", ["semicolon"]],
  ["/%2f", "/%2F", ["encoded-slash"]],
  ["/a%5c/;//", "/a%5C/;//", ["encoded-backslash", "semicolon", "double-slash"]],
])("%s is let through only by a route that says so", (raw, path, needs) => {
  expect(canonicalPath(raw)).toEqual({ path, needs });
});

it.each([
  "",
  "a",
  "/a/../b",
  "/..;/admin",
  "/a/.;x=1/b",
  "/a%2f../b",
  "/a%2f%2e%2e%2fb",
  "/a/..%5cb",
  "/a/%2e",
  "/a\\b",
  "/a#b",
  "/%00",
  "/%zz",
  "/é",
  "/a b",
])("%s is refused whatever a route says", (raw) => expect(canonicalPath(raw)).toBeNull());
