import { describe, expect, it } from "vitest";
import { ConsoleEnv, GatewayEnv, SettingsError, readEnv } from "./env.ts";

const CONSOLE = { DATABASE_URL: "postgresql://mesh:secret@db/mesh", ZOOKEEPER: "zk1:2181,zk2:2181/mesh" };
const GATEWAY = { ZOOKEEPER: "127.0.0.1:2181" };

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error("The settings were accepted.");
}

describe("readEnv", () => {
  it("fills in what is not set", () => {
    expect(readEnv(ConsoleEnv, CONSOLE)).toMatchObject({
      ...CONSOLE,
      CONSOLE_HOST: "127.0.0.1",
      CONSOLE_PORT: 3000,
      ZOOKEEPER_ROOT: "/meshkeeper",
      SERVICES_ROOT: "/services",
      LOG_LEVEL: "info",
    });
  });

  it("takes the empty string as not set", () => {
    expect(readEnv(GatewayEnv, { ...GATEWAY, GATEWAY_PORT: "", GATEWAY_EGRESS: "" })).toMatchObject({
      GATEWAY_PORT: 8080,
      GATEWAY_EGRESS: [],
    });
  });

  it("names every bad variable at once, says what each should be, and prints no value", () => {
    const message = refusalOf(() =>
      readEnv(ConsoleEnv, { DATABASE_URL: "mysql://root:hunter2@db", CONSOLE_PORT: "70000", LOG_LEVEL: "loud" }),
    );
    expect(message).toContain("DATABASE_URL must be postgresql://user:password@host:port/database");
    expect(message).toContain("CONSOLE_PORT must be a port number");
    expect(message).toContain("ZOOKEEPER is not set; it must be host:port[,host:port…][/chroot]");
    expect(message).toContain("LOG_LEVEL must be trace, debug, info, warn, error or fatal");
    expect(message).not.toMatch(/hunter2|70000|loud/);
  });

  it.each([
    ["console", ConsoleEnv],
    ["gateway", GatewayEnv],
  ])("has words of its own for every variable of a %s", (_process, schema) => {
    const nonsense = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, "\u0000 \u0000"]));
    for (const message of [refusalOf(() => readEnv(schema, nonsense)), refusalOf(() => readEnv(schema, {}))]) {
      expect(message).not.toMatch(/Invalid|expected|Too (small|big)/);
    }
  });

  it("reads the calling services and their ports", () => {
    const { GATEWAY_EGRESS } = readEnv(GatewayEnv, { ...GATEWAY, GATEWAY_EGRESS: "storefront=9101, catalog=9102" });
    expect(GATEWAY_EGRESS).toEqual([
      { service: "storefront", port: 9101 },
      { service: "catalog", port: 9102 },
    ]);
  });

  it.each(["storefront", "storefront=", "=9101", "storefront=99999", "a=1;b=2"])(
    "refuses egress listeners %s",
    (text) => {
      expect(refusalOf(() => readEnv(GatewayEnv, { ...GATEWAY, GATEWAY_EGRESS: text }))).toContain(
        "GATEWAY_EGRESS must be service=port",
      );
    },
  );

  it("reads address ranges, and refuses what is none", () => {
    const { GATEWAY_TRUSTED_PEERS } = readEnv(GatewayEnv, { ...GATEWAY, GATEWAY_TRUSTED_PEERS: "10.0.0.0/8, ::1" });
    expect(GATEWAY_TRUSTED_PEERS.map(({ bits }) => bits)).toEqual([104, 128]);
    for (const text of ["10/8", "10.0.0.1/8", "everyone"])
      expect(refusalOf(() => readEnv(GatewayEnv, { ...GATEWAY, GATEWAY_UPSTREAM_DENY: text }))).toContain(
        "GATEWAY_UPSTREAM_DENY must be address ranges such as 10.0.0.0/8",
      );
  });

  it("takes credentials apart at the first colon, and identities at the commas", () => {
    const hash = "D/InIHSb7yEEbrWz8b9l71RjZJU=";
    const { ZOOKEEPER_AUTH, ZOOKEEPER_PEERS } = readEnv(GatewayEnv, {
      ...GATEWAY,
      ZOOKEEPER_AUTH: "gateway:a:b, c",
      ZOOKEEPER_PEERS: `console:${hash}, other:${hash}`,
    });
    expect(ZOOKEEPER_AUTH).toEqual({ user: "gateway", password: "a:b, c" });
    expect(ZOOKEEPER_PEERS).toEqual([`console:${hash}`, `other:${hash}`]);
    expect(readEnv(GatewayEnv, GATEWAY)).toMatchObject({ ZOOKEEPER_PEERS: [] });
  });

  it("takes a previous credential beside a new one only: alone it would open the mesh", () => {
    for (const [schema, given] of [
      [ConsoleEnv, CONSOLE],
      [GatewayEnv, GATEWAY],
    ] as const) {
      const previous = { ...given, ZOOKEEPER_AUTH_PREVIOUS: "console:hunter2" };
      expect(refusalOf(() => readEnv(schema, previous))).toContain(
        "ZOOKEEPER_AUTH_PREVIOUS must be beside ZOOKEEPER_AUTH",
      );
      expect(readEnv(schema, { ...previous, ZOOKEEPER_AUTH: "console:new" })).toMatchObject({
        ZOOKEEPER_AUTH_PREVIOUS: { user: "console", password: "hunter2" },
      });
    }
  });

  it.each([
    ["ZOOKEEPER_AUTH", "hunter2"],
    ["ZOOKEEPER_AUTH", ":hunter2"],
    ["ZOOKEEPER_AUTH", "gateway:"],
    ["ZOOKEEPER_AUTH", "gateway:hunter2ü"],
    ["ZOOKEEPER_AUTH_PREVIOUS", "hunter2"],
    ["ZOOKEEPER_PEERS", "console:hunter2"],
    ["ZOOKEEPER_PEERS", "hunter2"],
  ])("refuses %s=%s without printing it", (name, text) => {
    const message = refusalOf(() => readEnv(GatewayEnv, { ...GATEWAY, [name]: text }));
    expect(message).toContain(`${name} must be user:`);
    expect(message).not.toContain("hunter2");
  });

  it.each(["zk", "zk:port", "zk:2181,", "a b:1"])("refuses ZooKeeper servers %s", (text) => {
    expect(refusalOf(() => readEnv(GatewayEnv, { ZOOKEEPER: text }))).toContain("ZOOKEEPER must be host:port");
  });
});
