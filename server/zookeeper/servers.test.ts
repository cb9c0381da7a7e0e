import { describe, expect, it } from "vitest";
import { parseServers } from "./servers.ts";

describe("parseServers", () => {
  it("reads one server, an ensemble, IPv6 and a chroot", () => {
    expect(parseServers("localhost:2181")).toEqual({ servers: [{ host: "localhost", port: 2181 }], chroot: "" });
    expect(parseServers("a:1, b:2,[::1]:3/mesh/blue/")).toEqual({
      servers: [
        { host: "a", port: 1 },
        { host: "b", port: 2 },
        { host: "::1", port: 3 },
      ],
      chroot: "/mesh/blue",
    });
    expect(parseServers("a:1/").chroot).toBe("");
  });

  it.each(["", "a", "a:0", "a:99999", "a:x", ":2181", "a:1,,b:2", "a:1//x", "a:1/../x"])(
    "refuses %j, naming it",
    (text) => {
      expect(() => parseServers(text)).toThrow(/ZooKeeper/);
    },
  );
});
