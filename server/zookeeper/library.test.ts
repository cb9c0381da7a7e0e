import { expect, it } from "vitest";
import { codeName, isCode, ZooKeeperFailure } from "./failure.ts";
import { zookeeper } from "./library.ts";

it("makes an error of every code a server may send, known to the library or not", () => {
  for (const code of [-101, -103, -118, -119, -125, -127, -999]) {
    expect(zookeeper.Exception.create(code)).toMatchObject({ code });
    expect(zookeeper.Exception.create(code).getCode()).toBe(code);
  }
});

it("tells a refusal from an outcome nobody knows", () => {
  const info = { operation: "write", path: "/x" };
  expect(new ZooKeeperFailure(codeName(-103), info)).toMatchObject({ kind: "failed", code: "BAD_VERSION" });
  expect(new ZooKeeperFailure(codeName(-4), info).kind).toBe("unknown");
  expect(new ZooKeeperFailure(codeName(-112), info).kind).toBe("unknown");
  expect(new ZooKeeperFailure(codeName(-999), info)).toMatchObject({ kind: "failed", code: "CODE_-999" });
  expect(isCode(new ZooKeeperFailure("NO_NODE", info), "NO_NODE")).toBe(true);
  expect(isCode(new Error("NO_NODE"), "NO_NODE")).toBe(false);
});
